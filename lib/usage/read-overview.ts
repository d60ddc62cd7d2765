import { sql } from "drizzle-orm";
import { z } from "zod";
import { owedMicro, type Segment } from "@/lib/billing/burn";
import { type Runway, runwayOf } from "@/lib/billing/forecast";
import { RESOURCE_KINDS, type ResourceKind } from "@/lib/billing/kinds";
import type { AccountContext } from "@/lib/context";
import type { AccountBalance } from "@/lib/credits/read-balance";
import { at, id, instant, micro, rows } from "@/lib/db/rows";
import type { UsageRange } from "@/lib/usage/range";

export type Overview = {
  range: UsageRange;
  /** Per bucket, in order: credits by kind (only kinds with any), and workflow runs. */
  trend: { from: Date; credits: { kind: ResourceKind; creditsMicro: bigint }[]; creditsMicro: bigint; runs: bigint }[];
  /** Credits of the range by kind, greatest first; their sum is the trend's sum. */
  byKind: { kind: ResourceKind; creditsMicro: bigint }[];
  creditsMicro: bigint;
  runs: bigint;
  runway: Runway;
};

const usageRow = z.object({ bucket: id, kind: z.enum(RESOURCE_KINDS), credits_micro: micro, runs: micro });
const segmentRow = z.object({
  kind: z.enum(RESOURCE_KINDS),
  rate_micro_per_hour: micro,
  started_at: instant,
  ended_at: instant.nullable(),
});

/**
 * The overview's figures (U3): settled hours from usage rows, what the ledger does not hold yet from the segments themselves. A
 * settled UTC hour counts in the bucket in which it begins, so in half-hour zones a bucket's edge is up to half an hour off.
 */
export async function readOverview(ctx: AccountContext, balance: AccountBalance, range: UsageRange): Promise<Overview> {
  const settledThrough = new Date(balance.state.settledThroughMs);
  const edges = range.buckets.map((bucket) => bucket.getTime());
  const [settled, unsettled] = await Promise.all([
    rows(
      ctx.db,
      usageRow,
      sql`select width_bucket(u.hour, array[${sql.join(
        range.buckets.map((bucket) => at(bucket)),
        sql`, `,
      )}]) - 1 as bucket, u.kind,
          sum(u.credits_micro)::bigint as credits_micro, sum(case when u.kind = 'workflow' then u.quantity else 0 end)::bigint as runs
        from usage u where u.account_id = ${ctx.accountId} and u.hour >= ${at(range.from)} and u.hour < ${at(range.to)}
        group by 1, 2`,
    ),
    rows(
      ctx.db,
      segmentRow,
      sql`select kind, rate_micro_per_hour, started_at, ended_at from segment
        where account_id = ${ctx.accountId} and not settled and (ended_at is null or ended_at > ${at(settledThrough)})`,
    ),
  ]);
  const trend = range.buckets.map((from) => ({ from, credits: new Map<ResourceKind, bigint>(), runs: 0n }));
  for (const row of settled) {
    const bucket = trend[row.bucket];
    if (!bucket) continue;
    bucket.credits.set(row.kind, (bucket.credits.get(row.kind) ?? 0n) + row.credits_micro);
    bucket.runs += row.runs;
  }
  for (const row of unsettled) {
    const segment: Segment = {
      rateMicroPerHour: row.rate_micro_per_hour,
      startedAtMs: row.started_at.getTime(),
      endedAtMs: row.ended_at?.getTime() ?? null,
    };
    for (const [index, bucket] of trend.entries()) {
      const fromMs = Math.max(edges[index] ?? 0, balance.state.settledThroughMs);
      const toMs = Math.min(edges[index + 1] ?? balance.untilMs, balance.untilMs);
      const owed = owedMicro(segment, fromMs, toMs);
      if (owed !== 0n) bucket.credits.set(row.kind, (bucket.credits.get(row.kind) ?? 0n) + owed);
    }
  }
  return {
    range,
    trend: trend.map(({ from, credits, runs }) => ({
      from,
      credits: RESOURCE_KINDS.filter((kind) => credits.has(kind)).map((kind) => ({
        kind,
        creditsMicro: credits.get(kind) ?? 0n,
      })),
      creditsMicro: sum(credits.values()),
      runs,
    })),
    byKind: RESOURCE_KINDS.map((kind) => ({
      kind,
      creditsMicro: sum(trend.map(({ credits }) => credits.get(kind) ?? 0n)),
    }))
      .filter(({ creditsMicro }) => creditsMicro !== 0n)
      .sort((a, b) => (a.creditsMicro < b.creditsMicro ? 1 : -1)),
    creditsMicro: sum(trend.flatMap(({ credits }) => [...credits.values()])),
    runs: sum(trend.map(({ runs }) => runs)),
    runway: runwayOf(balance.state, balance.negativeLimitMicro, balance.untilMs),
  };
}

const sum = (amounts: Iterable<bigint>) => [...amounts].reduce((total, amount) => total + amount, 0n);
