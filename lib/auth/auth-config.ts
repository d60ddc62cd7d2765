import { CredentialsSignin, Verification } from "@auth/core/errors";
import Credentials from "@auth/core/providers/credentials";
import Nodemailer from "@auth/core/providers/nodemailer";
import type { Account, NextAuthConfig, Profile, User } from "next-auth";
import { z } from "zod";
import { createAuthAdapter } from "@/lib/auth/adapter";
import { checkPassword } from "@/lib/auth/check-password";
import { emailAddress } from "@/lib/auth/email-address";
import { oidcProvider, PROVIDERS } from "@/lib/auth/oidc-provider";
import { findPerson, isKnownIdentity } from "@/lib/auth/people";
import { isSecure, sessionCookieName } from "@/lib/auth/session-cookie";
import { endSession, newSessionToken, SESSION_SECONDS, startSession } from "@/lib/auth/sessions";
import { type SignInError, signInErrorPath } from "@/lib/auth/sign-in-errors";
import type { SignInLimits } from "@/lib/auth/sign-in-limits";
import { confirmAddress, LINK_MINUTES, mailSignInLink } from "@/lib/auth/sign-in-link";
import type { Database } from "@/lib/db/client";
import type { Env } from "@/lib/env";
import { PodmeterError } from "@/lib/errors";
import { log } from "@/lib/log";

const CHECK_MAIL_PATH = "/sign-in/check-your-mail";

export type AuthPorts = {
  db: Database;
  env: Env;
  limits: SignInLimits;
  now(): Date;
  /** Whose attempt this is: see clientAddress. */
  clientAddress(): Promise<string>;
  /** The token of the session that the browser has, which a new one replaces. */
  presentToken(): Promise<string | undefined>;
  /** Does the work after the answer, so that the answer's time tells nobody whether there was any. */
  afterResponse(work: () => Promise<void>): void;
};

/** A refused password, with the reason for the page. */
export class PasswordRefused extends CredentialsSignin {
  constructor(override readonly code: SignInError) {
    super();
  }
}

/** Sign-in as next-auth does it, by password, link or provider. Everything that Next knows comes in by the ports. */
export function authConfig(ports: AuthPorts): NextAuthConfig {
  const { db, env, limits, now } = ports;
  return {
    secret: env.AUTH_SECRET,
    basePath: "/api/auth",
    // The host comes from APP_URL, never from a header that a client could set.
    trustHost: true,
    adapter: createAuthAdapter(db, now),
    session: {
      strategy: "database",
      maxAge: SESSION_SECONDS,
      updateAge: SESSION_SECONDS,
      generateSessionToken: newSessionToken,
    },
    // next-auth has tokens for passwords only; ours is that of a session in the database, like every other.
    jwt: { encode: ({ token }) => startSession(db, subjectOf(token), now()) },
    useSecureCookies: isSecure(env.APP_URL),
    cookies: { sessionToken: { name: sessionCookieName(env.APP_URL) } },
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in", verifyRequest: CHECK_MAIL_PATH },
    providers: [
      Credentials({
        id: PROVIDERS.password,
        credentials: { email: {}, password: {} },
        authorize: async (credentials) => {
          const result = await checkPassword({ db, limits }, { credentials, address: await ports.clientAddress() });
          if ("refused" in result) throw new PasswordRefused(result.refused);
          const { id, email, name } = result.person;
          return { id, email, name };
        },
      }),
      Nodemailer({
        id: PROVIDERS.link,
        server: env.SMTP_URL,
        from: env.MAIL_FROM,
        maxAge: LINK_MINUTES * 60,
        normalizeIdentifier: (text) => emailAddress.parse(text),
        sendVerificationRequest: ({ identifier, url }) => {
          const link = { to: identifier, address: confirmAddress(env.APP_URL, url) };
          ports.afterResponse(() => mailOrLog(env, link));
        },
      }),
      ...oidcProvider(env),
    ],
    callbacks: {
      signIn: async ({ user, account, profile, email }) => {
        if (account?.provider === PROVIDERS.password) return true;
        if (account?.provider === PROVIDERS.link && email?.verificationRequest) return admitLinkRequest(ports, user);
        if (account?.provider === PROVIDERS.link) return admitLink(db, user);
        return account ? admitIdentity(db, account, profile) : false;
      },
    },
    events: {
      signIn: async () => {
        const token = await ports.presentToken();
        if (token !== undefined) await endSession(db, token);
      },
    },
    logger: {
      error: (error) => {
        const isEverydayRefusal = error instanceof CredentialsSignin || error instanceof Verification;
        if (!isEverydayRefusal) log.error({ err: causeOf(error) }, "sign-in failed");
      },
      warn: (code) => log.debug({ code }, "next-auth warns"),
      debug: () => {},
    },
  };
}

/** Somebody asks for a link: a page to go to instead, or true to have it sent. Unknown people get the answer of known ones. */
async function admitLinkRequest(ports: AuthPorts, user: User): Promise<boolean | string> {
  const email = emailAddress.parse(user.email);
  const admitted = await ports.limits.admitLink({ email, address: await ports.clientAddress() });
  if (!admitted) return signInErrorPath("rate_limited");
  return (await findPerson(ports.db, email)) !== null || CHECK_MAIL_PATH;
}

/** Somebody opens a link: the person may be gone since it was sent. */
async function admitLink(db: Database, user: User): Promise<boolean | string> {
  return (await findPerson(db, emailAddress.parse(user.email))) !== null || signInErrorPath("unknown_person");
}

/** Somebody comes back from the provider: known here already, or with a verified address of somebody who is. */
async function admitIdentity(db: Database, account: Account, profile: Profile | undefined): Promise<boolean | string> {
  if (await isKnownIdentity(db, account)) return true;
  const { data: email } = emailAddress.safeParse(profile?.email);
  if (email === undefined || (await findPerson(db, email)) === null) return signInErrorPath("unknown_person");
  // A boolean by the standard; some send it as text.
  return String(profile?.email_verified) === "true" || signInErrorPath("email_unverified");
}

async function mailOrLog(env: Env, link: { to: string; address: string }): Promise<void> {
  try {
    await mailSignInLink({ smtpUrl: env.SMTP_URL, from: env.MAIL_FROM }, link);
  } catch (error) {
    log.error({ err: error }, "a sign-in link could not be mailed; check SMTP_URL and MAIL_FROM");
  }
}

/** next-auth wraps what went wrong; its own words only point to a web page. */
function causeOf(error: Error): unknown {
  return z.object({ cause: z.object({ err: z.instanceof(Error) }) }).safeParse(error).data?.cause.err ?? error;
}

function subjectOf(token: { sub?: string } | undefined): string {
  if (token?.sub) return token.sub;
  throw new PodmeterError("not_signed_in", "A session cannot begin without a person.");
}
