import { sql } from "drizzle-orm";
import { z } from "zod";
import { LEDGER_KINDS, type LedgerKind } from "@/lib/billing/ledger";
import type { AccountContext } from "@/lib/context";
import { at, firstRow, id, instant, micro, rows } from "@/lib/db/rows";

const lineRow = z.object({
  seq: id,
  kind: z.enum(LEDGER_KINDS),
  credits_micro: micro,
  runs: micro,
  balance_after_micro: micro,
  runs_after: micro,
  period_from: instant.nullable(),
  period_to: instant.nullable(),
  at: instant,
  effective_at: instant,
  corrects_seq: id.nullable(),
  debt_paid_micro: micro.nullable(),
  actor: z.string().nullable(),
  reason: z.string().nullable(),
});

export type LedgerLine = {
  seq: number;
  kind: LedgerKind;
  creditsMicro: bigint;
  runs: bigint;
  balanceAfterMicro: bigint;
  runsAfter: bigint;
  periodFrom: Date | null;
  periodTo: Date | null;
  /** When it was written, and when it took effect. */
  at: Date;
  effectiveAt: Date;
  correctsSeq: number | null;
  /** Of a settlement line: what the cycle's grant paid of the debt before it (A7). */
  debtPaidMicro: bigint | null;
  actor: string | null;
  reason: string | null;
};

const COLUMNS = sql`seq, kind, credits_micro, runs, balance_after_micro, runs_after, period_from, period_to, at, effective_at, corrects_seq, debt_paid_micro, actor, reason`;

export type LedgerFilter = { kind?: LedgerKind; from?: Date; to?: Date; beforeSeq?: number };

/** Lines of the account's ledger, newest first, by kind and by when they were written; `beforeSeq` pages on (C6). */
export async function listLedger(ctx: AccountContext, limit: number, filter: LedgerFilter = {}): Promise<LedgerLine[]> {
  const found = await rows(
    ctx.db,
    lineRow,
    sql`select ${COLUMNS} from ledger where account_id = ${ctx.accountId}
      ${filter.kind ? sql`and kind = ${filter.kind}` : sql``}
      ${filter.from ? sql`and at >= ${at(filter.from)}` : sql``}
      ${filter.to ? sql`and at < ${at(filter.to)}` : sql``}
      ${filter.beforeSeq ? sql`and seq < ${filter.beforeSeq}` : sql``}
      order by seq desc limit ${limit}`,
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
  effectiveAt: row.effective_at,
  correctsSeq: row.corrects_seq,
  debtPaidMicro: row.debt_paid_micro,
  actor: row.actor,
  reason: row.reason,
});
