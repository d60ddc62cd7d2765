import { sql } from "drizzle-orm";
import { z } from "zod";
import { seesBilling } from "@/lib/auth/roles";
import { sessionKey } from "@/lib/auth/sessions";
import { ROLES, type Role } from "@/lib/billing/kinds";
import type { Database } from "@/lib/db/client";
import { at, firstRow } from "@/lib/db/rows";

export type ViewerAccount = {
  accountId: number;
  publicId: string;
  name: string;
  role: Role;
  /** R1, already decided: true for owner and admin, for a member who was allowed to, never for a viewer. */
  mayViewBilling: boolean;
};

/** Who looks: the signed-in person, and the accounts that are theirs to see. */
export type Viewer = {
  userId: string;
  email: string;
  /** Their name, or the e-mail address where none is known. */
  name: string;
  isOperator: boolean;
  /** By name. Memberships only: an operator's view of other accounts goes through operatorContext. */
  accounts: ViewerAccount[];
  /** The one this session looks at: the chosen one, or the first. */
  account: ViewerAccount | null;
};

const viewerRow = z.object({
  user_id: z.string(),
  email: z.string(),
  name: z.string(),
  is_operator: z.boolean(),
  chosen_account_id: z.coerce.number().nullable(),
  accounts: z.array(
    z.object({
      accountId: z.number(),
      publicId: z.string(),
      name: z.string(),
      role: z.enum(ROLES),
      allowed: z.boolean(),
    }),
  ),
});

/** The person whose session this token is, unless it has expired or was ended. One statement. */
export async function findViewer(db: Database, token: string, now: Date): Promise<Viewer | null> {
  const row = await firstRow(
    db,
    viewerRow,
    sql`select u.id as user_id, u.email, coalesce(nullif(u.name, ''), u.email) as name, u.is_operator, s.account_id as chosen_account_id,
      coalesce((
        select json_agg(json_build_object('accountId', a.account_id, 'publicId', a.public_id, 'name', a.name, 'role', m.role,
          'allowed', m.may_view_billing) order by a.name, a.account_id)
        from membership m join account a on a.account_id = m.account_id
        where m.user_id = u.id
      ), '[]') as accounts
      from auth_session s join app_user u on u.id = s.user_id
      where s.session_token = ${sessionKey(token)} and s.expires > ${at(now)}`,
  );
  if (!row) return null;
  const accounts = row.accounts.map(({ allowed, ...account }) => ({
    ...account,
    mayViewBilling: seesBilling(account.role, allowed),
  }));
  return {
    userId: row.user_id,
    email: row.email,
    name: row.name,
    isOperator: row.is_operator,
    accounts,
    account: accounts.find((account) => account.accountId === row.chosen_account_id) ?? accounts[0] ?? null,
  };
}
