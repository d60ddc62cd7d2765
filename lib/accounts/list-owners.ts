import { sql } from "drizzle-orm";
import { z } from "zod";
import type { AccountContext } from "@/lib/context";
import { rows } from "@/lib/db/rows";

/** The owners of the account, by name: whom to ask for what one may not do or see (R1). */
export async function listOwners(ctx: AccountContext): Promise<{ name: string; email: string }[]> {
  return rows(
    ctx.db,
    z.object({ name: z.string(), email: z.string() }),
    sql`select coalesce(nullif(u.name, ''), u.email) as name, u.email
      from membership m join app_user u on u.id = m.user_id
      where m.account_id = ${ctx.accountId} and m.role = 'owner' order by name`,
  );
}
