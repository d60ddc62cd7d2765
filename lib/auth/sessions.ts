import { createHash, randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "@/lib/db/client";
import { at, firstRow } from "@/lib/db/rows";
import { PodmeterError } from "@/lib/errors";

/** Counted from the sign-in and never extended: each sign-in has a token of its own, and no token lives longer. */
export const SESSION_SECONDS = 30 * 24 * 60 * 60;

export function newSessionToken(): string {
  return randomBytes(32).toString("base64url");
}

/** The database keeps the hash only, so that who reads a backup cannot take over a session. */
export function sessionKey(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Begins a session. The token is for the cookie and is kept nowhere. */
export async function startSession(db: Database, userId: string, now: Date): Promise<string> {
  const token = newSessionToken();
  await storeSession(db, { token, userId, expires: new Date(now.getTime() + SESSION_SECONDS * 1000) }, now);
  return token;
}

/** Also clears away the person's sessions that have expired. */
export async function storeSession(
  db: Database,
  session: { token: string; userId: string; expires: Date },
  now: Date,
): Promise<void> {
  await db.execute(sql`
    with expired as (delete from auth_session where user_id = ${session.userId} and expires <= ${at(now)})
    insert into auth_session (session_token, user_id, expires)
    values (${sessionKey(session.token)}, ${session.userId}, ${at(session.expires)})`);
}

export async function endSession(db: Database, token: string): Promise<void> {
  await db.execute(sql`delete from auth_session where session_token = ${sessionKey(token)}`);
}

/** From now on the session looks at this account. Refused, without a word on whether there is such an account, to who is no member (R2). */
export async function chooseAccount(
  db: Database,
  session: { token: string; userId: string; accountId: number },
): Promise<void> {
  const chosen = await firstRow(
    db,
    z.object({ user_id: z.string() }),
    sql`update auth_session s set account_id = m.account_id
      from membership m
      where s.session_token = ${sessionKey(session.token)} and s.user_id = ${session.userId}
        and m.user_id = s.user_id and m.account_id = ${session.accountId}
      returning s.user_id`,
  );
  if (!chosen) throw new PodmeterError("not_found", "There is no such account among yours.");
}
