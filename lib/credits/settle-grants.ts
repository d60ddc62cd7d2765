import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Cycle, type GrantPlan, type GrantRecord, type NewGrant, planGrantLines } from "@/lib/billing/grant-lines";
import { replayInstants } from "@/lib/billing/grants";
import type { AccountContext, Context } from "@/lib/context";
import { cycleAt } from "@/lib/credits/cycle";
import { readConsumption } from "@/lib/credits/read-consumption";
import { at, firstRow, id, instant, json, micro, rows } from "@/lib/db/rows";
import { PodmeterError } from "@/lib/errors";

const accountRow = z.object({
  version: id,
  time_zone: z.string(),
  anchor_day: z.number(),
  cycle_started_at: instant,
  next_cycle_at: instant,
  cycle_credits_micro: micro,
  cycle_runs: micro,
  observed_at: instant.nullable(),
  has_lines: z.boolean(),
});
const grantRow = z.object({
  grant_id: id,
  credits_micro: micro,
  runs: micro,
  in_force_from: instant,
  expires_at: instant.nullable(),
  expired_micro: micro,
  expired_runs: micro,
});

export type SettleGrantsResult = { added: boolean; stopsCancelled: number };

/**
 * Brings an account's grants up to `ctx.now` (A3, A7, A9, C7): cycles that began bring their grant, grants that ended take along what was left of
 * them, each at its own instant however late it is written, and `added` grants come in. What is to be written is planned by the pure core from
 * what stands in the books; if the account changes in between, it is planned again. Asked twice it writes once.
 */
export async function settleGrants(ctx: AccountContext, added: readonly NewGrant[] = []): Promise<SettleGrantsResult> {
  let waiting = added;
  let addedNow = false;
  let stopsCancelled = 0;
  for (let attempt = 0; attempt < 50; attempt++) {
    const books = await readBooks(ctx);
    // After the books: what another one adds from here on makes them old, and nothing is written by them.
    if (await refsKnown(ctx, waiting)) waiting = [];
    const due = dueCycles(books, ctx.now.getTime());
    const all = [...due.grants, ...waiting];
    const plan = planGrantLines(
      { ...(await withConsumption(ctx, books, all, due.cycle)), cycle: due.cycle },
      all,
      ctx.now.getTime(),
    );
    const written = await writePlan(ctx, books.version, plan, due.cycle);
    if (written === null) continue;
    stopsCancelled += written;
    addedNow ||= waiting.length > 0;
    waiting = [];
    // A grant of a cycle that is over already: its end is written once it is in the books.
    const ended = all.some((grant) => grant.expiresAtMs !== null && grant.expiresAtMs <= books.knownUntilMs);
    // Runs that had ended but were used: what came in pays for them.
    const runsWait = all.length > 0 && plan.lines.some((line) => line.type === "expiry" && line.runs > 0n);
    if (!ended && !runsWait) return { added: addedNow, stopsCancelled };
  }
  throw new PodmeterError("conflict", "The account is changing too fast. Nothing was added; try again.");
}

/** Accounts of which a grant ended or a cycle began, and that nobody has brought up to date yet. */
export async function accountsWithDueGrants(ctx: Context): Promise<number[]> {
  const due = await rows(
    ctx.db,
    z.object({ account_id: id }),
    sql`select account_id from account where grants_due_at <= least(${at(ctx.now)}, (select min(observed_at) from platform_state)) order by grants_due_at limit 1000`,
  );
  return due.map((row) => row.account_id);
}

type Books = Awaited<ReturnType<typeof readBooks>>;

async function readBooks(ctx: AccountContext) {
  // The version first, and by itself: whatever is read after it is as new or newer, and what is newer makes the plan void.
  const account = await firstRow(
    ctx.db,
    accountRow,
    sql`select a.version, a.time_zone, a.anchor_day, a.cycle_started_at, a.next_cycle_at, p.cycle_credits_micro, p.cycle_runs,
        (select min(observed_at) from platform_state) as observed_at, a.ledger_seq > 0 as has_lines
      from account a join plan p on p.plan_id = a.plan_id where a.account_id = ${ctx.accountId}`,
  );
  const grants = await rows(
    ctx.db,
    grantRow,
    sql`select g.grant_id, g.credits_micro, g.runs, g.in_force_from, g.expires_at,
        coalesce((select -sum(l.credits_micro) from ledger l where l.account_id = g.account_id and l.grant_id = g.grant_id and l.kind = 'expiry'), 0)::bigint as expired_micro,
        coalesce((select -sum(l.runs) from ledger l where l.account_id = g.account_id and l.grant_id = g.grant_id and l.kind = 'expiry'), 0)::bigint as expired_runs
      from credit_grant g where g.account_id = ${ctx.accountId} order by g.grant_id`,
  );
  if (!account) throw new PodmeterError("not_found", "There is no such account.");
  const records: GrantRecord[] = grants.map((row) => ({
    grantId: row.grant_id,
    creditsMicro: row.credits_micro,
    runs: row.runs,
    inForceFromMs: row.in_force_from.getTime(),
    expiresAtMs: row.expires_at?.getTime() ?? null,
    expiredMicro: row.expired_micro,
    expiredRuns: row.expired_runs,
  }));
  return {
    version: account.version,
    timeZone: account.time_zone,
    anchorDay: account.anchor_day,
    cycle: { startMs: account.cycle_started_at.getTime(), endMs: account.next_cycle_at.getTime() },
    cycleCreditsMicro: account.cycle_credits_micro,
    cycleRuns: account.cycle_runs,
    knownUntilMs: Math.min(ctx.now.getTime(), account.observed_at?.getTime() ?? ctx.now.getTime()),
    firstCycleOpen: !account.has_lines,
    grants: records,
  };
}

/** The cycles that began since the account was last brought up to date, each with its grant, and the one that it is in now (A9). */
function dueCycles(books: Books, nowMs: number): { grants: NewGrant[]; cycle: Cycle } {
  const grants: NewGrant[] = [];
  const bring = (cycle: Cycle, fromMs: number) => {
    if (books.cycleCreditsMicro === 0n && books.cycleRuns === 0n) return;
    grants.push({
      kind: "plan",
      creditsMicro: books.cycleCreditsMicro,
      runs: books.cycleRuns,
      inForceFromMs: fromMs,
      expiresAtMs: cycle.endMs,
      reason: "Grant of the billing cycle",
      ref: `cycle-${new Date(cycle.startMs).toISOString()}`,
    });
  };
  let cycle = books.cycle;
  if (books.firstCycleOpen) bring(cycle, nowMs);
  while (cycle.endMs <= Math.min(nowMs, books.knownUntilMs)) {
    cycle = cycleAt(books.anchorDay, books.timeZone, cycle.endMs);
    bring(cycle, cycle.startMs);
  }
  return { grants, cycle };
}

async function withConsumption(ctx: AccountContext, books: Books, added: readonly NewGrant[], cycle: Cycle) {
  const spans = [...books.grants, ...added.map((grant, index) => ({ ...grant, grantId: -1 - index }))].map((grant) => ({
    ...grant,
    amount: 0n,
  }));
  const cuts = [cycle.startMs];
  const instants = replayInstants(spans, books.knownUntilMs, cuts);
  const consumed = await readConsumption(ctx, instants);
  return {
    grants: books.grants,
    knownUntilMs: books.knownUntilMs,
    consumedMicroBefore: consumed.creditsMicroBefore,
    consumedRunsBefore: consumed.runsBefore,
  };
}

async function writePlan(ctx: AccountContext, version: number, plan: GrantPlan, cycle: Cycle): Promise<number | null> {
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  const lines = plan.lines.map((line) => {
    const effectiveAt = iso(line.effectiveAtMs);
    if (line.type === "settlement")
      return {
        type: line.type,
        effectiveAt,
        ref: line.ref,
        debtPaidMicro: line.debtPaidMicro.toString(),
        reason: "Debt of the cycle before, paid by this cycle's grant",
      };
    if (line.type === "expiry")
      return {
        type: line.type,
        effectiveAt,
        grantId: line.grantId,
        creditsMicro: line.creditsMicro.toString(),
        runs: line.runs.toString(),
        reason: "What was left of a grant at its end",
      };
    const { kind, creditsMicro, runs, expiresAtMs, reason, ref } = line.grant;
    return {
      type: line.type,
      effectiveAt,
      kind,
      creditsMicro: creditsMicro.toString(),
      runs: runs.toString(),
      expiresAt: iso(expiresAtMs),
      reason,
      ref,
    };
  });
  const row = await firstRow(
    ctx.db,
    z.object({ cancelled: z.number().nullable() }),
    sql`select post_grant_lines(${ctx.accountId}, ${version}, ${json(lines)}, ${plan.grantedMicro}, ${plan.runsGranted}, ${at(new Date(plan.dueAtMs))},
      ${at(new Date(cycle.startMs))}, ${at(new Date(cycle.endMs))}, ${ctx.actor}, ${at(ctx.now)}) as cancelled`,
  );
  return row?.cancelled ?? null;
}

async function refsKnown(ctx: AccountContext, added: readonly NewGrant[]): Promise<boolean> {
  if (added.length === 0) return false;
  const known = await rows(
    ctx.db,
    z.object({ ref: z.string() }),
    sql`select ref from ledger where account_id = ${ctx.accountId} and ref in (${sql.join(
      added.map((grant) => sql`${grant.ref}`),
      sql`, `,
    )})`,
  );
  return known.length > 0;
}
