import { sql } from "drizzle-orm";
import { z } from "zod";
import { hashPassword } from "@/lib/auth/password";
import type { Role } from "@/lib/billing/kinds";
import type { Database } from "@/lib/db/client";
import { firstRow, run } from "@/lib/db/rows";

export type Login = { email: string; password: string; role: string; account: string };

/** A person who may sign in with a password, and their place in an account. */
export async function addPerson(
  db: Database,
  person: { email: string; name: string; password: string; isOperator?: boolean },
  membership?: { accountId: number; role: Role },
): Promise<void> {
  const row = await firstRow(
    db,
    z.object({ id: z.string() }),
    sql`insert into app_user (id, email, name, password_hash, is_operator, email_verified)
      values (${crypto.randomUUID()}, ${person.email}, ${person.name}, ${await hashPassword(person.password)}, ${person.isOperator ?? false}, now())
      on conflict (email) do update set name = excluded.name returning id`,
  );
  if (!membership || !row) return;
  await run(
    db,
    sql`insert into membership (account_id, user_id, role) values (${membership.accountId}, ${row.id}, ${membership.role}) on conflict do nothing`,
  );
}
