import { sql } from "drizzle-orm";
import { z } from "zod";
import { owedMicro } from "@/lib/billing/burn";
import { type Draw, drawGrants, type LedgerEntry } from "@/lib/billing/grants";
import { GRANT_KINDS, type GrantKind, RESOURCE_KINDS, type ResourceKind } from "@/lib/billing/kinds";
import type { AccountContext } from "@/lib/context";
import { type LedgerLine, ledgerLine } from "@/lib/credits/list-ledger";
import { id, instant, micro, rows } from "@/lib/db/rows";
import { PodmeterError } from "@/lib/errors";

/** One interval behind a line: the pod, when it ran, at what price, and what of it the line charges. */
export type ChargedInterval = {
  hour: Date;
  deploymentId: number;
  deploymentName: string;
  kind: ResourceKind;
  podUid: string;
  startedAt: Date;
  endedAt: Date | null;
  rateMicroPerHour: bigint;
  creditsMicro: bigint;
};

export type TakenFrom = { grantId: number | null; kind: GrantKind | null; reason: string | null; creditsMicro: bigint };

export type Explanation = { line: LedgerLine; intervals: ChargedInterval[]; takenFrom: TakenFrom[] };

const intervalRow = z.object({
  hour: instant,
  deployment_id: id,
  deployment_name: z.string(),
  kind: z.enum(RESOURCE_KINDS),
  pod_uid: z.string(),
  started_at: instant,
  ended_at: instant.nullable(),
  rate_micro_per_hour: micro,
});
const entryRow = z.object({
  seq: id,
  kind: z.string(),
  credits_micro: micro,
  grant_id: id.nullable(),
  grant_kind: z.enum(GRANT_KINDS).nullable(),
  expires_at: instant.nullable(),
  reason: z.string().nullable(),
});

/** Ledger line → intervals with pod and price → grants that it was taken from (C6). */
export async function explainLine(ctx: AccountContext, seq: number): Promise<Explanation> {
  const [line, intervals, entries] = await Promise.all([
    ledgerLine(ctx, seq),
    rows(
      ctx.db,
      intervalRow,
      sql`select u.hour, s.deployment_id, d.name as deployment_name, s.kind, s.pod_uid, s.started_at, s.ended_at, s.rate_micro_per_hour
        from (select distinct hour, deployment_id from usage where account_id = ${ctx.accountId} and ledger_seq = ${seq}) u
        join segment s on s.account_id = ${ctx.accountId} and s.deployment_id = u.deployment_id
          and s.started_at < u.hour + interval '1 hour' and (s.ended_at is null or s.ended_at > u.hour)
        join deployment d on d.account_id = s.account_id and d.deployment_id = s.deployment_id
        order by u.hour, d.name, s.started_at, s.pod_uid`,
    ),
    rows(
      ctx.db,
      entryRow,
      sql`select l.seq, l.kind, l.credits_micro, g.grant_id, g.kind as grant_kind, g.expires_at, g.reason
        from ledger l left join credit_grant g on g.account_id = l.account_id and g.ledger_seq = l.seq
        where l.account_id = ${ctx.accountId} order by l.seq`,
    ),
  ]);
  if (!line) throw new PodmeterError("not_found", "There is no such ledger line.");

  const draws: Draw[] = drawGrants(entries.map(asEntry)).filter((draw) => draw.seq === seq);
  return {
    line,
    intervals: intervals.map((row) => ({
      hour: row.hour,
      deploymentId: row.deployment_id,
      deploymentName: row.deployment_name,
      kind: row.kind,
      podUid: row.pod_uid,
      startedAt: row.started_at,
      endedAt: row.ended_at,
      rateMicroPerHour: row.rate_micro_per_hour,
      creditsMicro: owedMicro(
        {
          rateMicroPerHour: row.rate_micro_per_hour,
          startedAtMs: row.started_at.getTime(),
          endedAtMs: row.ended_at?.getTime() ?? null,
        },
        row.hour.getTime(),
        row.hour.getTime() + 3_600_000,
      ),
    })),
    takenFrom: draws.map((draw) => {
      const grant = entries.find((entry) => entry.grant_id !== null && entry.grant_id === draw.grantId);
      return {
        grantId: draw.grantId,
        kind: grant?.grant_kind ?? null,
        reason: grant?.reason ?? null,
        creditsMicro: draw.creditsMicro,
      };
    }),
  };
}

const asEntry = (row: z.output<typeof entryRow>): LedgerEntry =>
  row.grant_id === null
    ? { seq: row.seq, type: "debit", creditsMicro: -row.credits_micro }
    : {
        seq: row.seq,
        type: "grant",
        grantId: row.grant_id,
        creditsMicro: row.credits_micro,
        expiresAtMs: row.expires_at?.getTime() ?? null,
      };
