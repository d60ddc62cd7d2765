import { sql } from "drizzle-orm";
import { z } from "zod";
import { runwayOf } from "@/lib/billing/forecast";
import type { Context } from "@/lib/context";
import { readBalance } from "@/lib/credits/read-balance";
import { firstRow, id, rows } from "@/lib/db/rows";
import { PodmeterError } from "@/lib/errors";

export type AccountSummary = {
  accountId: number;
  publicId: string;
  name: string;
  planName: string;
  remainingMicro: bigint;
  grantedMicro: bigint;
  runsRemaining: bigint;
  runsGranted: bigint;
  negativeLimitMicro: bigint;
  burnRateMicroPerHour: bigint;
  stopAtMs: number | null;
  closedAt: Date | null;
  /** Deployments that run or come up. */
  running: number;
};

const PAGE_SIZE = 100;
const summaryRow = z.object({ account_id: id, running: z.coerce.number() });

/** All accounts, for operators (O3), by name; at most 100. */
export async function listAccounts(ctx: Context): Promise<AccountSummary[]> {
  const found = await rows(
    ctx.db,
    summaryRow,
    sql`select a.account_id, (select count(*) from deployment d where d.account_id = a.account_id and d.wanted = 'running') as running
      from account a order by a.name limit ${PAGE_SIZE}`,
  );
  return Promise.all(
    found.map(async ({ account_id: accountId, running }) => {
      const balance = await readBalance({ ...ctx, accountId });
      const runway = runwayOf(balance.state, balance.negativeLimitMicro, balance.untilMs);
      return {
        accountId,
        publicId: balance.publicId,
        name: balance.name,
        planName: balance.planName,
        remainingMicro: balance.remainingMicro,
        grantedMicro: balance.grantedMicro,
        runsRemaining: balance.runsRemaining,
        runsGranted: balance.runsGranted,
        negativeLimitMicro: balance.negativeLimitMicro,
        burnRateMicroPerHour: runway.burnRateMicroPerHour,
        stopAtMs: runway.stopAtMs,
        closedAt: balance.closedAt,
        running,
      };
    }),
  );
}

/** The account of a public id, for operators. */
export async function findAccount(ctx: Context, publicId: string): Promise<{ accountId: number }> {
  const row = await firstRow(
    ctx.db,
    z.object({ account_id: id }),
    sql`select account_id from account where public_id = ${publicId}`,
  );
  if (!row) throw new PodmeterError("not_found", "There is no such account.");
  return { accountId: row.account_id };
}
