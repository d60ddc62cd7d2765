import { sql } from "drizzle-orm";
import { z } from "zod";
import { type BalanceState, liveBalanceMicro, meteredUntilMs } from "@/lib/billing/burn";
import type { GateState } from "@/lib/billing/gate";
import type { AccountContext } from "@/lib/context";
import { firstRow, id, instant, micro } from "@/lib/db/rows";
import { PodmeterError } from "@/lib/errors";

const balanceRow = z
  .object({
    public_id: z.string(),
    name: z.string(),
    time_zone: z.string(),
    plan_name: z.string(),
    version: id,
    closed_at: instant.nullable(),
    balance_micro: micro,
    granted_micro: micro,
    runs_remaining: micro,
    runs_granted: micro,
    negative_limit_micro: micro,
    deploy_floor_micro: micro,
    settled_through: instant,
    observed_at: instant.nullable(),
    failing_since: instant.nullable(),
    segments: z.array(z.tuple([z.coerce.bigint(), z.number(), z.number().nullable()])),
  })
  .strict();

export type AccountBalance = {
  accountId: number;
  publicId: string;
  name: string;
  timeZone: string;
  planName: string;
  /** Rises with every change that a decision may rest on. */
  version: number;
  closedAt: Date | null;
  /** Credits: the allocation, what is left of it at `untilMs` (may be negative), and the limits of the plan. */
  grantedMicro: bigint;
  remainingMicro: bigint;
  negativeLimitMicro: bigint;
  deployFloorMicro: bigint;
  runsGranted: bigint;
  runsRemaining: bigint;
  /** The balance as a function of time, for forecasts and for the clock in the browser. */
  state: BalanceState;
  /** Up to when time is counted: now, or earlier while the platform does not answer (C5). */
  untilMs: number;
  platformFailingSince: Date | null;
};

/** The account and its live balance at `ctx.now` (C6): the one read behind page, gate, quick check and mail. One statement. */
export async function readBalance(ctx: AccountContext): Promise<AccountBalance> {
  const row = await firstRow(
    ctx.db,
    balanceRow,
    sql`select a.public_id, a.name, a.time_zone, p.name as plan_name, a.version, a.closed_at, a.balance_micro, a.granted_micro,
      a.runs_remaining, a.runs_granted, p.negative_limit_micro, p.deploy_floor_micro, a.settled_through, o.observed_at, o.failing_since,
      coalesce((
        select json_agg(json_build_array(s.rate_micro_per_hour::text, (extract(epoch from s.started_at) * 1000)::bigint, (extract(epoch from s.ended_at) * 1000)::bigint))
        from segment s where s.account_id = a.account_id and s.shard = a.shard and not s.settled
      ), '[]') as segments
      from account a
      join plan p on p.plan_id = a.plan_id
      cross join (select min(observed_at) as observed_at, min(failing_since) as failing_since from platform_state) o
      where a.account_id = ${ctx.accountId}`,
  );
  if (!row) throw new PodmeterError("not_found", "There is no such account.");
  const state: BalanceState = {
    settledMicro: row.balance_micro,
    settledThroughMs: row.settled_through.getTime(),
    segments: row.segments.map(([rateMicroPerHour, startedAtMs, endedAtMs]) => ({
      rateMicroPerHour,
      startedAtMs,
      endedAtMs,
    })),
  };
  const untilMs = meteredUntilMs(ctx.now.getTime(), row.observed_at?.getTime() ?? null);
  return {
    accountId: ctx.accountId,
    publicId: row.public_id,
    name: row.name,
    timeZone: row.time_zone,
    planName: row.plan_name,
    version: row.version,
    closedAt: row.closed_at,
    grantedMicro: row.granted_micro,
    remainingMicro: liveBalanceMicro(state, untilMs),
    negativeLimitMicro: row.negative_limit_micro,
    deployFloorMicro: row.deploy_floor_micro,
    runsGranted: row.runs_granted,
    runsRemaining: row.runs_remaining,
    state,
    untilMs,
    platformFailingSince: row.failing_since,
  };
}

export function gateStateOf(balance: AccountBalance): GateState {
  return {
    remainingMicro: balance.remainingMicro,
    deployFloorMicro: balance.deployFloorMicro,
    remainingRuns: balance.runsRemaining,
    closed: balance.closedAt !== null,
  };
}
