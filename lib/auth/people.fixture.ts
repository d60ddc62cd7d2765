import { sql } from "drizzle-orm";
import type { Role } from "@/lib/billing/kinds";
import { installDefaults } from "@/lib/credits/install-defaults";
import { openAccount } from "@/lib/credits/open-account";
import { type Database, openDatabase } from "@/lib/db/client";
import { createTestDatabase } from "@/test/database";

/** People and accounts on a database of the test file's own. */
export class People {
  private constructor(
    readonly db: Database,
    readonly dispose: () => Promise<void>,
  ) {}

  static async start(): Promise<People> {
    const database = await createTestDatabase();
    const connection = openDatabase(database.url, { max: 4 });
    await installDefaults(connection.db);
    return new People(connection.db, async () => {
      await connection.close();
      await database.drop();
    });
  }

  async account(name: string): Promise<number> {
    const ctx = { db: this.db, now: new Date("2026-03-01T00:00:00.000Z"), actor: "test" };
    return (await openAccount(ctx, { name, timeZone: "UTC", planId: "free" })).accountId;
  }

  async person(person: { email: string; passwordHash?: string; isOperator?: boolean }): Promise<string> {
    const id = crypto.randomUUID();
    await this.db.execute(sql`insert into app_user (id, email, password_hash, is_operator)
      values (${id}, ${person.email}, ${person.passwordHash ?? null}, ${person.isOperator ?? false})`);
    return id;
  }

  async member(member: { userId: string; accountId: number; role: Role; mayViewBilling?: boolean }): Promise<void> {
    await this.db.execute(sql`insert into membership (account_id, user_id, role, may_view_billing)
      values (${member.accountId}, ${member.userId}, ${member.role}, ${member.mayViewBilling ?? false})`);
  }

  async count(table: "app_user" | "auth_session" | "auth_identity" | "verification_token"): Promise<number> {
    const [row] = await this.db.execute<{ count: string }>(sql`select count(*) from ${sql.identifier(table)}`);
    return Number(row?.count);
  }
}
