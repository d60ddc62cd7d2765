import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startMailbox } from "@/launch/mailbox";
import { Browser } from "@/lib/auth/browser.fixture";
import { findViewer } from "@/lib/auth/find-viewer";
import { startOidcServer } from "@/lib/auth/oidc-server.fixture";
import { hashPassword } from "@/lib/auth/password";
import { People } from "@/lib/auth/people.fixture";
import { sessionCookieName } from "@/lib/auth/session-cookie";
import { createSignInLimits } from "@/lib/auth/sign-in-limits";
import { parseEnv } from "@/lib/env";

const APP = "http://localhost:3000";
const HTTPS_APP = "https://podmeter.example.test";

async function world() {
  const people = await People.start();
  const mailDir = await mkdtemp(path.join(tmpdir(), "podmeter-sign-in-"));
  const mailbox = await startMailbox({ dir: mailDir });
  const oidc = await startOidcServer("podmeter");
  const env = parseEnv({
    PODMETER_MODE: "test",
    DATABASE_URL: "postgres://unused.invalid/unused",
    APP_URL: APP,
    AUTH_SECRET: "a secret of the tests that is long enough",
    SMTP_URL: mailbox.smtpUrl,
    AUTH_OIDC_ISSUER: oidc.issuer,
    AUTH_OIDC_CLIENT_ID: "podmeter",
    AUTH_OIDC_CLIENT_SECRET: "hush",
  });
  const later: Promise<void>[] = [];
  let address = 0;
  const browser = (appUrl = APP) => {
    const own = `2001:db8:0:${(++address).toString(16)}::/64`;
    const ports = {
      db: people.db,
      env: { ...env, APP_URL: appUrl },
      limits: createSignInLimits(people.db),
      now: () => new Date(),
      clientAddress: async () => own,
      afterResponse: (work: () => Promise<void>) => void later.push(work()),
    };
    return new Browser(ports, sessionCookieName(appUrl));
  };
  const mails = async (): Promise<{ to: string[]; text: string }[]> => {
    await Promise.all(later);
    return (await fetch(`${mailbox.httpUrl}/api/mails`)).json();
  };
  const dispose = async () => {
    await Promise.all(later);
    await Promise.all([oidc.stop(), mailbox.stop(), people.dispose()]);
    await rm(mailDir, { recursive: true });
  };
  return { people, oidc, browser, mails, dispose };
}

let w: Awaited<ReturnType<typeof world>>;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.dispose());

const viewerOf = async (browser: Browser) => {
  const token = browser.sessionToken();
  return token === undefined ? null : findViewer(w.people.db, token, new Date());
};
const signInByPassword = (browser: Browser, email: string, password: string) =>
  browser.act("callback", "password", { email, password, callbackUrl: "/" });
const askForLink = (browser: Browser, email: string, callbackUrl = "/deployments") =>
  browser.act("signin", "link", { email, callbackUrl });
/** What the mails to this person lead to, once its button is pressed. */
async function linksTo(email: string): Promise<string[]> {
  const texts = (await w.mails()).filter((mail) => mail.to.includes(email)).map((mail) => mail.text);
  return texts.map((text) => {
    const confirm = new URL(/http\S+/.exec(text)?.[0] ?? "");
    expect(`${confirm.origin}${confirm.pathname}`).toBe(`${APP}/sign-in/confirm`);
    return `${APP}/api/auth/callback/link${confirm.search}`;
  });
}
const errorOf = (location: string) => new URL(location, APP).searchParams.get("error");

describe("by password", () => {
  it("begins a session in the database, whose token the browser has and the database has not", async () => {
    const userId = await w.people.person({ email: "ann@example.test", passwordHash: await hashPassword("right") });
    const browser = w.browser();
    expect(await signInByPassword(browser, "ann@example.test", "right")).toBe(`${APP}/`);
    expect(await viewerOf(browser)).toMatchObject({ userId });
    const kept = await w.people.db.execute(
      sql`select 1 from auth_session where session_token = ${browser.sessionToken() ?? ""}`,
    );
    expect(kept).toHaveLength(0);
  });

  it("says the same to a wrong password and an unknown address, and begins nothing", async () => {
    await w.people.person({ email: "bob@example.test", passwordHash: await hashPassword("right") });
    const before = await w.people.count("auth_session");
    for (const email of ["bob@example.test", "nobody@example.test"]) {
      const browser = w.browser();
      await expect(signInByPassword(browser, email, "wrong")).rejects.toMatchObject({ code: "wrong_password" });
      expect(browser.sessionToken()).toBeUndefined();
    }
    expect(await w.people.count("auth_session")).toBe(before);
  });

  it("ends the session that the browser had, also another person's", async () => {
    await w.people.person({ email: "cat@example.test", passwordHash: await hashPassword("right") });
    const dogId = await w.people.person({ email: "dog@example.test", passwordHash: await hashPassword("right") });
    const browser = w.browser();
    await signInByPassword(browser, "cat@example.test", "right");
    const first = browser.sessionToken() ?? "";
    await signInByPassword(browser, "dog@example.test", "right");
    expect(await findViewer(w.people.db, first, new Date())).toBeNull();
    expect(await viewerOf(browser)).toMatchObject({ userId: dogId });
  });

  it("ends by signing out, in the browser and in the database", async () => {
    await w.people.person({ email: "eli@example.test", passwordHash: await hashPassword("right") });
    const browser = w.browser();
    await signInByPassword(browser, "eli@example.test", "right");
    const token = browser.sessionToken() ?? "";
    await browser.act("signout", "", {});
    expect(browser.sessionToken()).toBeUndefined();
    expect(await findViewer(w.people.db, token, new Date())).toBeNull();
  });

  it("uses a cookie over https that no other host can plant", async () => {
    await w.people.person({ email: "fox@example.test", passwordHash: await hashPassword("right") });
    const browser = w.browser(HTTPS_APP);
    await signInByPassword(browser, "fox@example.test", "right");
    expect([...browser.cookies.keys()]).toContain("__Host-podmeter.session");
  });
});

describe("by a mailed link", () => {
  it("signs in who has the mail, once, and leads to the page that was asked for", async () => {
    const userId = await w.people.person({ email: "gil@example.test" });
    const browser = w.browser();
    await askForLink(browser, "Gil@example.test");
    const [link = ""] = await linksTo("gil@example.test");
    expect(await browser.open(link)).toBe(`${APP}/deployments`);
    expect(await viewerOf(browser)).toMatchObject({ userId });
    const thief = w.browser();
    expect(errorOf(await thief.open(link))).toBe("Verification");
    expect(thief.sessionToken()).toBeUndefined();
  });

  it("answers an unknown address like a known one, mails nothing and makes nobody", async () => {
    await w.people.person({ email: "hew@example.test" });
    const [people, tokens] = [await w.people.count("app_user"), await w.people.count("verification_token")];
    const unknown = await askForLink(w.browser(), "stranger@example.test");
    expect(await w.people.count("verification_token")).toBe(tokens);
    const known = await askForLink(w.browser(), "hew@example.test");
    expect([errorOf(unknown), errorOf(known)]).toEqual([null, null]);
    expect(await linksTo("stranger@example.test")).toEqual([]);
    expect(await linksTo("hew@example.test")).toHaveLength(1);
    expect(await w.people.count("app_user")).toBe(people);
  });

  it("is refused after half an hour, and for an address that it was not sent to", async () => {
    await w.people.person({ email: "ian@example.test" });
    await askForLink(w.browser(), "ian@example.test");
    await askForLink(w.browser(), "ian@example.test");
    const [late = "", moved = ""] = await linksTo("ian@example.test");
    const other = new URL(moved);
    other.searchParams.set("email", "ann@example.test");
    expect(errorOf(await w.browser().open(other.href))).toBe("Verification");
    await w.people.db.execute(sql`update verification_token set expires = now() - interval '1 second'`);
    expect(errorOf(await w.browser().open(late))).toBe("Verification");
  });

  it("is of no use once the person is gone", async () => {
    const userId = await w.people.person({ email: "jim@example.test" });
    await askForLink(w.browser(), "jim@example.test");
    await w.people.db.execute(sql`delete from app_user where id = ${userId}`);
    const [link = ""] = await linksTo("jim@example.test");
    const browser = w.browser();
    expect(errorOf(await browser.open(link))).toBe("unknown_person");
    expect(browser.sessionToken()).toBeUndefined();
  });

  it("is mailed five times in a quarter of an hour and then no more, known or not", async () => {
    await w.people.person({ email: "kim@example.test" });
    for (const email of ["kim@example.test", "stranger2@example.test"]) {
      const answers = [];
      for (let index = 0; index < 6; index += 1) answers.push(errorOf(await askForLink(w.browser(), email)));
      expect(answers).toEqual([null, null, null, null, null, "rate_limited"]);
    }
    expect(await linksTo("kim@example.test")).toHaveLength(5);
  });

  it("never leads to another host", async () => {
    await w.people.person({ email: "lee@example.test" });
    await askForLink(w.browser(), "lee@example.test", "https://evil.example/page");
    const [link = ""] = await linksTo("lee@example.test");
    expect(new URL(await w.browser().open(link)).origin).toBe(APP);
  });
});

describe("by an OpenID Connect provider", () => {
  const comeBack = async (browser: Browser, claims: Parameters<typeof w.oidc.approve>[1]) =>
    browser.open(w.oidc.approve(await browser.act("signin", "oidc", { callbackUrl: "/deployments" }), claims));

  it("signs in who is known by a verified address, and from then on by the provider's own id", async () => {
    const userId = await w.people.person({ email: "mia@example.test" });
    const claims = { sub: "mia-1", email: "Mia@Example.test", email_verified: true, name: "Mia" };
    const first = w.browser();
    expect(await comeBack(first, claims)).toBe(`${APP}/deployments`);
    expect(await viewerOf(first)).toMatchObject({ userId });
    const second = w.browser();
    await comeBack(second, { sub: "mia-1", email: "mia@elsewhere.test" });
    expect(await viewerOf(second)).toMatchObject({ userId });
  });

  it("keeps none of the provider's tokens", async () => {
    await w.people.person({ email: "ned@example.test" });
    await comeBack(w.browser(), { sub: "ned-1", email: "ned@example.test", email_verified: true });
    const kept = await w.people.db.execute(sql`select access_token, refresh_token, id_token from auth_identity
      where provider_account_id = 'ned-1'`);
    expect(kept).toEqual([{ access_token: null, refresh_token: null, id_token: null }]);
  });

  it("tells who is unknown to ask for an invitation, and makes nobody", async () => {
    const before = await w.people.count("app_user");
    const browser = w.browser();
    const location = await comeBack(browser, { sub: "new-1", email: "new@example.test", email_verified: true });
    expect(errorOf(location)).toBe("unknown_person");
    expect(browser.sessionToken()).toBeUndefined();
    expect(await w.people.count("app_user")).toBe(before);
  });

  it.each([false, "false", undefined] as const)(
    "does not take an address for a person's that is not verified: %s",
    async (verified) => {
      const email = `${crypto.randomUUID()}@example.test`;
      await w.people.person({ email });
      const browser = w.browser();
      const location = await comeBack(browser, { sub: email, email, email_verified: verified });
      expect(errorOf(location)).toBe("email_unverified");
      expect(browser.sessionToken()).toBeUndefined();
    },
  );

  it("goes by the provider's person, not by who happens to be signed in", async () => {
    await w.people.person({ email: "ola@example.test", passwordHash: await hashPassword("right") });
    const patId = await w.people.person({ email: "pat@example.test" });
    const browser = w.browser();
    await signInByPassword(browser, "ola@example.test", "right");
    await comeBack(browser, { sub: "pat-1", email: "pat@example.test", email_verified: true });
    expect(await viewerOf(browser)).toMatchObject({ userId: patId });
    const stranger = w.browser();
    await w.people.person({ email: "quy@example.test", passwordHash: await hashPassword("right") });
    await signInByPassword(stranger, "quy@example.test", "right");
    expect(errorOf(await comeBack(stranger, { sub: "who-1", email: "who@example.test", email_verified: true }))).toBe(
      "unknown_person",
    );
  });

  it("refuses an answer that this browser did not ask for", async () => {
    await w.people.person({ email: "rex@example.test" });
    const asked = await w.browser().act("signin", "oidc", { callbackUrl: "/" });
    const back = w.oidc.approve(asked, { sub: "rex-1", email: "rex@example.test", email_verified: true });
    const victim = w.browser();
    expect(errorOf(await victim.open(back))).not.toBeNull();
    expect(victim.sessionToken()).toBeUndefined();
  });
});
