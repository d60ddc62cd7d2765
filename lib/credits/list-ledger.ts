import { sql } from "drizzle-orm";
import { z } from "zod";
import type { AccountContext } from "@/lib/context";
import { firstRow, id, instant, micro, rows } from "@/lib/db/rows";

export const LEDGER_LINE_KINDS = ["grant", "usage", "late_usage", "event", "correction"] as const;

const lineRow = z.object({
  seq: id,
  kind: z.enum(LEDGER_LINE_KINDS),
  credits_micro: micro,
  runs: micro,
  balance_after_micro: micro,
  runs_after: micro,
  period_from: instant.nullable(),
  period_to: instant.nullable(),
  at: instant,
  actor: z.string().nullable(),
  reason: z.string().nullable(),
});

export type LedgerLine = {
  seq: number;
  kind: (typeof LEDGER_LINE_KINDS)[number];
  creditsMicro: bigint;
  runs: bigint;
  balanceAfterMicro: bigint;
  runsAfter: bigint;
  periodFrom: Date | null;
  periodTo: Date | null;
  at: Date;
  actor: string | null;
  reason: string | null;
};

const COLUMNS = sql`seq, kind, credits_micro, runs, balance_after_micro, runs_after, period_from, period_to, at, actor, reason`;

/** The newest lines of the account's ledger (C6). */
export async function listLedger(ctx: AccountContext, limit: number): Promise<LedgerLine[]> {
  const found = await rows(
    ctx.db,
    lineRow,
    sql`select ${COLUMNS} from ledger where account_id = ${ctx.accountId} order by seq desc limit ${limit}`,
  );
  return found.map(asLine);
}

/** One line; undefined when the account has none of that number. */
export async function ledgerLine(ctx: AccountContext, seq: number): Promise<LedgerLine | undefined> {
  const row = await firstRow(
    ctx.db,
    lineRow,
    sql`select ${COLUMNS} from ledger where account_id = ${ctx.accountId} and seq = ${seq}`,
  );
  return row && asLine(row);
}

const asLine = (row: z.output<typeof lineRow>): LedgerLine => ({
  seq: row.seq,
  kind: row.kind,
  creditsMicro: row.credits_micro,
  runs: row.runs,
  balanceAfterMicro: row.balance_after_micro,
  runsAfter: row.runs_after,
  periodFrom: row.period_from,
  periodTo: row.period_to,
  at: row.at,
  actor: row.actor,
  reason: row.reason,
});
