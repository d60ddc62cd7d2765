import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findViewer } from "@/lib/auth/find-viewer";
import { People } from "@/lib/auth/people.fixture";
import { chooseAccount, endSession, newSessionToken, SESSION_SECONDS, startSession } from "@/lib/auth/sessions";
import type { Role } from "@/lib/billing/kinds";

const now = new Date("2026-03-01T12:00:00.000Z");
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

let people: People;
beforeAll(async () => {
  people = await People.start();
});
afterAll(() => people.dispose());

describe("a session", () => {
  it("belongs to the person who signed in, for 30 days to the second", async () => {
    const userId = await people.person({ email: "ann@example.test" });
    const token = await startSession(people.db, userId, now);
    expect(await findViewer(people.db, token, now)).toMatchObject({ userId, email: "ann@example.test", account: null });
    expect(await findViewer(people.db, token, later(SESSION_SECONDS - 1))).not.toBeNull();
    expect(await findViewer(people.db, token, later(SESSION_SECONDS))).toBeNull();
  });

  it("is over at once when it is ended, and the person's others go on", async () => {
    const userId = await people.person({ email: "ben@example.test" });
    const [ended, other] = [await startSession(people.db, userId, now), await startSession(people.db, userId, now)];
    await endSession(people.db, ended);
    expect(await findViewer(people.db, ended, now)).toBeNull();
    expect(await findViewer(people.db, other, now)).toMatchObject({ userId });
  });

  it("is over when its person is deleted", async () => {
    const userId = await people.person({ email: "cyd@example.test" });
    const token = await startSession(people.db, userId, now);
    await people.db.execute(sql`delete from app_user where id = ${userId}`);
    expect(await findViewer(people.db, token, now)).toBeNull();
  });

  it("cannot be had by an invented token, nor by what the database keeps of a real one", async () => {
    const userId = await people.person({ email: "dan@example.test" });
    const token = await startSession(people.db, userId, now);
    const [kept] = await people.db.execute<{ session_token: string }>(
      sql`select session_token from auth_session where user_id = ${userId}`,
    );
    for (const invented of [
      newSessionToken(),
      "",
      "' or true --",
      "\u0000",
      token.toLowerCase(),
      kept?.session_token,
    ]) {
      expect(await findViewer(people.db, invented ?? "", now)).toBeNull();
    }
  });

  it("clears away the person's expired ones when a new one begins", async () => {
    const userId = await people.person({ email: "eve@example.test" });
    await startSession(people.db, userId, now);
    await startSession(people.db, userId, later(SESSION_SECONDS + 1));
    const [left] = await people.db.execute<{ count: string }>(
      sql`select count(*) from auth_session where user_id = ${userId}`,
    );
    expect(left?.count).toBe("1");
  });
});

describe("the account that a session looks at", () => {
  it("is the person's first by name until another of theirs is chosen, and the choice is this session's alone", async () => {
    const [alpha, beta] = [await people.account("Alpha"), await people.account("Beta")];
    const userId = await people.person({ email: "fay@example.test" });
    await people.member({ userId, accountId: beta, role: "owner" });
    await people.member({ userId, accountId: alpha, role: "viewer" });
    const token = await startSession(people.db, userId, now);
    const other = await startSession(people.db, userId, now);
    expect((await findViewer(people.db, token, now))?.account).toMatchObject({ accountId: alpha, role: "viewer" });
    await chooseAccount(people.db, { token, userId, accountId: beta });
    expect((await findViewer(people.db, token, now))?.account).toMatchObject({ accountId: beta, role: "owner" });
    expect((await findViewer(people.db, other, now))?.account).toMatchObject({ accountId: alpha });
  });

  it("can never be one that the person is no member of, nor be changed by another's session (R2)", async () => {
    const [own, foreign] = [await people.account("Own"), await people.account("Foreign")];
    const [userId, neighbour] = [
      await people.person({ email: "gus@example.test" }),
      await people.person({ email: "hal@example.test", isOperator: true }),
    ];
    await people.member({ userId, accountId: own, role: "owner" });
    await people.member({ userId: neighbour, accountId: foreign, role: "owner" });
    const token = await startSession(people.db, userId, now);
    for (const accountId of [foreign, 987_654_321]) {
      await expect(chooseAccount(people.db, { token, userId, accountId })).rejects.toMatchObject({ code: "not_found" });
    }
    await expect(chooseAccount(people.db, { token, userId: neighbour, accountId: foreign })).rejects.toMatchObject({
      code: "not_found",
    });
    const viewer = await findViewer(people.db, token, now);
    expect(viewer?.account?.accountId).toBe(own);
    expect(viewer?.accounts.map((account) => account.accountId)).toEqual([own]);
  });

  it("falls back to one of theirs when the person is taken out of the chosen one (R2)", async () => {
    const [stays, goes] = [await people.account("Stays"), await people.account("Goes")];
    const userId = await people.person({ email: "ida@example.test" });
    await people.member({ userId, accountId: stays, role: "member" });
    await people.member({ userId, accountId: goes, role: "member" });
    const token = await startSession(people.db, userId, now);
    await chooseAccount(people.db, { token, userId, accountId: goes });
    await people.db.execute(sql`delete from membership where user_id = ${userId} and account_id = ${goes}`);
    const viewer = await findViewer(people.db, token, now);
    expect(viewer?.accounts).toHaveLength(1);
    expect(viewer?.account?.accountId).toBe(stays);
  });

  it("is none for an operator without memberships: operators' pages are theirs by another way (R1)", async () => {
    const userId = await people.person({ email: "joy@example.test", isOperator: true });
    const viewer = await findViewer(people.db, await startSession(people.db, userId, now), now);
    expect(viewer).toMatchObject({ isOperator: true, accounts: [], account: null });
  });

  const table: [Role, boolean, boolean][] = [
    ["owner", false, true],
    ["admin", false, true],
    ["member", false, false],
    ["member", true, true],
    ["viewer", false, false],
    ["viewer", true, false],
  ];
  it.each(table)("shows its billing to a session of %s, allowed %s: %s (R1)", async (role, mayViewBilling, sees) => {
    const accountId = await people.account("Any");
    const userId = await people.person({ email: `${crypto.randomUUID()}@example.test` });
    await people.member({ userId, accountId, role, mayViewBilling });
    const viewer = await findViewer(people.db, await startSession(people.db, userId, now), now);
    expect(viewer?.account).toMatchObject({ role, mayViewBilling: sees });
  });
});
