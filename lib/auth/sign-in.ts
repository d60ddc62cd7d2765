import { cookies, headers } from "next/headers";
import { after, type NextRequest } from "next/server";
import NextAuth, { AuthError } from "next-auth";
import { authConfig, PasswordRefused } from "@/lib/auth/auth-config";
import { clientAddress } from "@/lib/auth/client-address";
import { emailAddress } from "@/lib/auth/email-address";
import { PROVIDERS } from "@/lib/auth/oidc-provider";
import { sessionCookieName } from "@/lib/auth/session-cookie";
import { isSignInError, type SignInError } from "@/lib/auth/sign-in-errors";
import { createSignInLimits, type SignInLimits } from "@/lib/auth/sign-in-limits";
import { log } from "@/lib/log";
import { runtime } from "@/lib/runtime";

let limits: SignInLimits | undefined;

const nextAuth = NextAuth(() => {
  const { db, env } = runtime();
  limits ??= createSignInLimits(db);
  // next-auth takes its own address from this variable alone; without it, from the Host header, which a client can set.
  process.env.AUTH_URL = new URL(env.APP_URL).origin;
  return authConfig({
    db,
    env,
    limits,
    now: () => new Date(),
    clientAddress: async () => clientAddress(await headers()),
    presentToken: async () => (await cookies()).get(sessionCookieName(env.APP_URL))?.value,
    afterResponse: (work) => after(work),
  });
});

/** Where links and providers lead back to. */
export function handleAuthRequest(request: NextRequest): Promise<Response> {
  return nextAuth.handlers.GET(request);
}

/** Begins a session, by cookie; or says why not. */
export async function signInWithPassword(credentials: {
  email: string;
  password: string;
}): Promise<SignInError | null> {
  try {
    await nextAuth.signIn(PROVIDERS.password, { ...credentials, redirect: false, redirectTo: "/" });
    return null;
  } catch (error) {
    if (error instanceof PasswordRefused) return error.code;
    logUnlessLogged(error, "sign-in by password failed");
    return "unexpected";
  }
}

/** Has a link mailed, if there is somebody of that address; the answer does not say whether there is. */
export async function requestSignInLink(request: { email: string; next: string }): Promise<SignInError | null> {
  if (!emailAddress.safeParse(request.email).success) return "invalid_email";
  try {
    const options = { email: request.email, redirect: false, redirectTo: request.next } as const;
    const answer: string = await nextAuth.signIn(PROVIDERS.link, options);
    const error = new URL(answer, runtime().env.APP_URL).searchParams.get("error");
    return isSignInError(error) ? error : null;
  } catch (error) {
    logUnlessLogged(error, "a sign-in link could not be made");
    return "unexpected";
  }
}

/** The provider's address to go to, or why there is none. */
export async function beginProviderSignIn(next: string): Promise<{ address: string } | { error: SignInError }> {
  try {
    return { address: await nextAuth.signIn(PROVIDERS.oidc, { redirect: false, redirectTo: next }) };
  } catch (error) {
    logUnlessLogged(error, "the sign-in provider could not be reached; check AUTH_OIDC_ISSUER");
    return { error: "unexpected" };
  }
}

/** next-auth has logged its own errors already, with their cause. */
function logUnlessLogged(error: unknown, message: string): void {
  if (!(error instanceof AuthError)) log.error({ err: error }, message);
}

/** Ends this session, here and in the database. */
export async function signOut(): Promise<void> {
  await nextAuth.signOut({ redirect: false });
}
