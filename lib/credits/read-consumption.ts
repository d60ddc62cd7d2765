import { sql } from "drizzle-orm";
import { z } from "zod";
import type { AccountContext } from "@/lib/context";
import { at, instant, micro, rows } from "@/lib/db/rows";

const consumedRow = z.object({ at: instant, credits_micro: micro, runs: micro });

/** What the account consumed before each of the given instants, from its beginning; asked for another instant it throws. (C7) */
export async function readConsumption(ctx: AccountContext, instants: readonly number[]) {
  const found = await rows(
    ctx.db,
    consumedRow,
    sql`select * from consumed_before(${ctx.accountId}, array[${sql.join(
      instants.map((ms) => at(new Date(ms))),
      sql`, `,
    )}]::timestamptz[])`,
  );
  const byInstant = new Map(found.map((row) => [row.at.getTime(), row]));
  const known = (atMs: number) => {
    const row = byInstant.get(atMs);
    if (!row) throw new RangeError(`what was consumed before ${new Date(atMs).toISOString()} was not read`);
    return row;
  };
  return {
    creditsMicroBefore: (atMs: number) => known(atMs).credits_micro,
    runsBefore: (atMs: number) => known(atMs).runs,
  };
}
