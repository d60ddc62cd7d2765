import { sql } from "drizzle-orm";
import { z } from "zod";
import { MS_PER_HOUR, owedMicro } from "@/lib/billing/burn";
import { type Grant, replayGrants, replayInstants, shareDraws } from "@/lib/billing/grants";
import {
  GRANT_KINDS,
  type GrantKind,
  RESOURCE_KINDS,
  type ResourceKind,
  USAGE_COMPONENTS,
  type UsageComponent,
} from "@/lib/billing/kinds";
import type { AccountContext } from "@/lib/context";
import { type LedgerLine, ledgerLine } from "@/lib/credits/list-ledger";
import { readConsumption } from "@/lib/credits/read-consumption";
import { at, id, instant, micro, rows } from "@/lib/db/rows";
import { PodmeterError } from "@/lib/errors";

/** What a line charges: one resource in one hour. Negative where a correction gives back. */
export type ChargedUsage = {
  hour: Date;
  resourceId: number;
  deploymentId: number;
  name: string;
  kind: ResourceKind;
  component: UsageComponent;
  runningMs: number;
  quantity: number;
  creditsMicro: bigint;
};

/** One interval behind a line: the pod, when it ran, at what price, and what it owes for the hour. */
export type ChargedInterval = {
  hour: Date;
  deploymentId: number;
  podUid: string;
  startedAt: Date;
  endedAt: Date | null;
  rateMicroPerHour: bigint;
  creditsMicro: bigint;
};

/** A grant that a line's credits were taken from; null: owed until now. */
export type TakenFrom = { grantId: number | null; kind: GrantKind | null; reason: string | null; creditsMicro: bigint };

/** A counted thing behind a line, with the formula and its inputs where it has one (P2). */
export type ChargedEvent = { key: string; occurredAt: Date; runs: bigint; creditsMicro: bigint; detail: unknown };

export type Explanation = {
  line: LedgerLine;
  usage: ChargedUsage[];
  intervals: ChargedInterval[];
  events: ChargedEvent[];
  takenFrom: TakenFrom[];
};

const usageRow = z.object({
  hour: instant,
  resource_id: id,
  deployment_id: id,
  name: z.string(),
  kind: z.enum(RESOURCE_KINDS),
  component: z.enum(USAGE_COMPONENTS),
  running_ms: id,
  quantity: id,
  credits_micro: micro,
});
const intervalRow = z.object({
  hour: instant,
  deployment_id: id,
  pod_uid: z.string(),
  started_at: instant,
  ended_at: instant.nullable(),
  rate_micro_per_hour: micro,
});
const eventRow = z.object({
  key: z.string(),
  occurred_at: instant,
  runs: micro,
  credits_micro: micro,
  detail: z.unknown(),
});
const grantRow = z.object({
  grant_id: id,
  kind: z.enum(GRANT_KINDS),
  reason: z.string(),
  credits_micro: micro,
  in_force_from: instant,
  expires_at: instant.nullable(),
});
const lineOfHourRow = z.object({ hour: instant, ledger_seq: id, credits_micro: micro });

/** How many events of a line are listed. */
const EVENTS_SHOWN = 200;

/** Ledger line → usage → interval → pod → price → grants that it was taken from (C6). */
export async function explainLine(ctx: AccountContext, seq: number): Promise<Explanation> {
  const [line, usage, intervals, events] = await Promise.all([
    ledgerLine(ctx, seq),
    rows(
      ctx.db,
      usageRow,
      sql`select u.hour, u.resource_id, u.deployment_id, coalesce(d.name, r.name, '') as name, u.kind, u.component, u.running_ms, u.quantity, u.credits_micro
        from usage u
        left join deployment d on d.account_id = u.account_id and d.deployment_id = u.deployment_id
        left join resource r on r.account_id = u.account_id and r.resource_id = u.resource_id
        where u.account_id = ${ctx.accountId} and u.ledger_seq = ${seq} order by u.hour, name`,
    ),
    rows(
      ctx.db,
      intervalRow,
      sql`select u.hour, s.deployment_id, s.pod_uid, s.started_at, s.ended_at, s.rate_micro_per_hour
        from (select distinct hour, deployment_id from usage where account_id = ${ctx.accountId} and ledger_seq = ${seq} and deployment_id <> 0) u
        join segment s on s.account_id = ${ctx.accountId} and s.deployment_id = u.deployment_id
          and s.started_at < u.hour + interval '1 hour' and (s.ended_at is null or s.ended_at > u.hour)
        order by u.hour, s.deployment_id, s.started_at, s.pod_uid`,
    ),
    rows(
      ctx.db,
      eventRow,
      sql`select key, occurred_at, runs, credits_micro, detail from usage_event where account_id = ${ctx.accountId} and ledger_seq = ${seq}
        order by occurred_at limit ${EVENTS_SHOWN}`,
    ),
  ]);
  if (!line) throw new PodmeterError("not_found", "There is no such ledger line.");
  return {
    line,
    usage: usage.map((row) => ({
      hour: row.hour,
      resourceId: row.resource_id,
      deploymentId: row.deployment_id,
      name: row.name,
      kind: row.kind,
      component: row.component,
      runningMs: row.running_ms,
      quantity: row.quantity,
      creditsMicro: row.credits_micro,
    })),
    intervals: intervals.map((row) => ({
      hour: row.hour,
      deploymentId: row.deployment_id,
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
        row.hour.getTime() + MS_PER_HOUR,
      ),
    })),
    events: events.map((row) => ({
      key: row.key,
      occurredAt: row.occurred_at,
      runs: row.runs,
      creditsMicro: row.credits_micro,
      detail: row.detail,
    })),
    takenFrom:
      line.creditsMicro < 0n && line.kind !== "expiry"
        ? await grantsBehind(
            ctx,
            seq,
            usage.map((row) => row.hour),
          )
        : [],
  };
}

async function grantsBehind(ctx: AccountContext, seq: number, charged: readonly Date[]): Promise<TakenFrom[]> {
  const hours = [...new Set(charged.map((hour) => hour.getTime()))].sort((a, b) => a - b);
  if (hours.length === 0) return [];
  const [records, lines] = await Promise.all([
    rows(
      ctx.db,
      grantRow,
      sql`select grant_id, kind, reason, credits_micro, in_force_from, expires_at from credit_grant where account_id = ${ctx.accountId} and credits_micro > 0`,
    ),
    rows(
      ctx.db,
      lineOfHourRow,
      sql`select hour, ledger_seq, sum(credits_micro)::bigint as credits_micro from usage
        where account_id = ${ctx.accountId} and hour in (${sql.join(
          hours.map((ms) => at(new Date(ms))),
          sql`, `,
        )})
        group by hour, ledger_seq order by hour, ledger_seq`,
    ),
  ]);
  const grants: Grant[] = records.map((row) => ({
    grantId: row.grant_id,
    amount: row.credits_micro,
    inForceFromMs: row.in_force_from.getTime(),
    expiresAtMs: row.expires_at?.getTime() ?? null,
  }));
  const cuts = hours.flatMap((ms) => [ms, ms + MS_PER_HOUR]);
  const untilMs = Math.max(ctx.now.getTime(), ...cuts);
  const consumed = await readConsumption(ctx, replayInstants(grants, untilMs, cuts));
  const { draws } = replayGrants(grants, consumed.creditsMicroBefore, untilMs, cuts);

  const taken = new Map<number | null, bigint>();
  for (const ms of hours) {
    const ofHour = draws.filter((draw) => draw.fromMs >= ms && draw.toMs <= ms + MS_PER_HOUR);
    const shares = shareDraws(
      ofHour,
      lines
        .filter((row) => row.hour.getTime() === ms && row.credits_micro > 0n)
        .map((row) => ({ seq: row.ledger_seq, amount: row.credits_micro })),
    );
    for (const part of shares.get(seq) ?? []) taken.set(part.grantId, (taken.get(part.grantId) ?? 0n) + part.amount);
  }
  return [...taken].map(([grantId, creditsMicro]) => {
    const record = records.find((row) => row.grant_id === grantId);
    return { grantId, kind: record?.kind ?? null, reason: record?.reason ?? null, creditsMicro };
  });
}
