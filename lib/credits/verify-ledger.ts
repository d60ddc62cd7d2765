import { sql } from "drizzle-orm";
import { z } from "zod";
import { allocationOf, type Grant, replayGrants, replayInstants } from "@/lib/billing/grants";
import type { Context } from "@/lib/context";
import { readConsumption } from "@/lib/credits/read-consumption";
import { id, instant, micro, rows } from "@/lib/db/rows";

export type InvariantResult = {
  invariant: string;
  checked: number;
  differences: { accountId: number; detail: string }[];
};

type Invariant = { name: string; statement: ReturnType<typeof sql> };

/** Each statement returns the accounts that differ. One statement sees one state of the database, so a worker at work disturbs nothing. */
const INVARIANTS: readonly Invariant[] = [
  {
    name: "the balance is the sum of the ledger, credits and runs (C6)",
    statement: sql`select a.account_id, format('account %s / %s, ledger %s / %s', a.balance_micro, a.runs_remaining, l.credits, l.runs) as detail
      from account a
      left join lateral (select coalesce(sum(credits_micro), 0) as credits, coalesce(sum(runs), 0) as runs from ledger where account_id = a.account_id) l on true
      where a.balance_micro <> l.credits or a.runs_remaining <> l.runs`,
  },
  {
    name: "each ledger line's balance follows from the line before, without a gap (C6)",
    statement: sql`select account_id, format('line %s', min(seq)) as detail from (
        select account_id, seq, balance_after_micro, runs_after,
          sum(credits_micro) over w as credits, sum(runs) over w as runs, row_number() over w as ordinal
        from ledger window w as (partition by account_id order by seq)
      ) l where balance_after_micro <> credits or runs_after <> runs or seq <> ordinal group by account_id`,
  },
  {
    name: "each usage line charges what its usage rows say (C6)",
    statement: sql`select l.account_id, format('line %s', min(l.seq)) as detail
      from ledger l
      left join lateral (select coalesce(sum(credits_micro), 0) as credits from usage where account_id = l.account_id and ledger_seq = l.seq) u on true
      where l.kind in ('usage', 'late_usage', 'event', 'correction') and l.credits_micro <> -u.credits group by l.account_id`,
  },
  {
    name: "running time in the ledger is what the segments owe, per deployment (C2)",
    statement: sql`select account_id, format('deployment %s: usage %s, segments %s', deployment_id, used, owed) as detail from (
        select coalesce(u.account_id, s.account_id) as account_id, coalesce(u.deployment_id, s.deployment_id) as deployment_id,
          coalesce(u.used, 0) as used, coalesce(s.owed, 0) as owed
        from (
          select u.account_id, u.deployment_id, sum(u.credits_micro) as used from usage u
          join ledger l on l.account_id = u.account_id and l.seq = u.ledger_seq
          where l.kind in ('usage', 'late_usage') group by u.account_id, u.deployment_id
        ) u
        full join (
          select s.account_id, s.deployment_id, sum(burned(s.rate_micro_per_hour, s.started_at, least(a.settled_through, s.ended_at))) as owed
          from segment s join account a on a.account_id = s.account_id group by s.account_id, s.deployment_id
        ) s on s.account_id = u.account_id and s.deployment_id = u.deployment_id
      ) d where used <> owed`,
  },
  {
    name: "a segment is marked settled if, and only if, all of it is in the ledger",
    statement: sql`select s.account_id, format('pod %s', min(s.pod_uid)) as detail from segment s join account a on a.account_id = s.account_id
      where s.settled <> coalesce(s.ended_at <= a.settled_through, false) group by s.account_id`,
  },
  {
    name: "events in the ledger are the events on record (I1)",
    statement: sql`select l.account_id, format('line %s', min(l.seq)) as detail
      from ledger l
      left join lateral (
        select coalesce(sum(credits_micro), 0) as credits, coalesce(sum(runs), 0) as runs from usage_event where account_id = l.account_id and ledger_seq = l.seq
      ) e on true
      where l.kind = 'event' and (l.credits_micro <> -e.credits or l.runs <> -e.runs) group by l.account_id`,
  },
  {
    name: "every grant came in by a line of its own (C7)",
    statement: sql`select coalesce(g.account_id, l.account_id) as account_id, format('grant %s', g.grant_id) as detail
      from credit_grant g full join (select * from ledger where kind = 'grant') l on l.account_id = g.account_id and l.seq = g.ledger_seq
      where g.grant_id is null or l.seq is null or l.credits_micro <> g.credits_micro or l.runs <> g.runs`,
  },
];

const differenceRow = z.object({ account_id: id, detail: z.string() });
const accountRow = z.object({
  account_id: id,
  granted_micro: micro,
  cycle_started_at: instant,
  grants_due_at: instant,
  observed_at: instant.nullable(),
});
const grantRow = z.object({
  account_id: id,
  grant_id: id,
  credits_micro: micro,
  in_force_from: instant,
  expires_at: instant.nullable(),
  expired_micro: micro,
});

/**
 * Computes everything again from ledger, segments, events and grants, and says where the books differ (O3). Reads only, and works beside
 * running workers. Accounts whose grants are about to be brought up to date are left out of the last check, and counted so.
 */
export async function verifyLedger(ctx: Context): Promise<InvariantResult[]> {
  const [{ count } = { count: 0 }] = await rows(ctx.db, z.object({ count: id }), sql`select count(*) from account`);
  const results: InvariantResult[] = [];
  for (const { name, statement } of INVARIANTS) {
    const differences = await rows(ctx.db, differenceRow, statement);
    results.push({
      invariant: name,
      checked: count,
      differences: differences.map((row) => ({ accountId: row.account_id, detail: row.detail })),
    });
  }
  return [...results, await verifyGrants(ctx)];
}

async function verifyGrants(ctx: Context): Promise<InvariantResult> {
  const [accounts, grants] = await Promise.all([
    rows(
      ctx.db,
      accountRow,
      sql`select account_id, granted_micro, cycle_started_at, grants_due_at, (select min(observed_at) from platform_state) as observed_at from account order by account_id`,
    ),
    rows(
      ctx.db,
      grantRow,
      sql`select g.account_id, g.grant_id, g.credits_micro, g.in_force_from, g.expires_at,
          coalesce((select -sum(l.credits_micro) from ledger l where l.account_id = g.account_id and l.grant_id = g.grant_id and l.kind = 'expiry'), 0)::bigint as expired_micro
        from credit_grant g`,
    ),
  ]);
  const result: InvariantResult = {
    invariant: "grants are used up, expire and add up as their replay says (C7, A7, A9)",
    checked: 0,
    differences: [],
  };
  for (const account of accounts) {
    const knownUntilMs = Math.min(ctx.now.getTime(), account.observed_at?.getTime() ?? ctx.now.getTime());
    if (account.grants_due_at.getTime() <= ctx.now.getTime()) continue;
    result.checked++;
    const records = grants.filter((row) => row.account_id === account.account_id);
    const own: Grant[] = records.map((row) => ({
      grantId: row.grant_id,
      amount: row.credits_micro,
      inForceFromMs: row.in_force_from.getTime(),
      expiresAtMs: row.expires_at?.getTime() ?? null,
    }));
    const cycleMs = Math.min(account.cycle_started_at.getTime(), knownUntilMs);
    const consumed = await readConsumption(
      { ...ctx, accountId: account.account_id },
      replayInstants(own, knownUntilMs, [cycleMs]),
    );
    const { expired } = replayGrants(own, consumed.creditsMicroBefore, knownUntilMs);
    for (const row of records) {
      const due = expired.get(row.grant_id) ?? 0n;
      if (due !== row.expired_micro) {
        result.differences.push({
          accountId: account.account_id,
          detail: `grant ${row.grant_id}: expired ${row.expired_micro}, replay says ${due}`,
        });
      }
    }
    const left = replayGrants(own, consumed.creditsMicroBefore, cycleMs).left;
    const granted = allocationOf(own, left, account.cycle_started_at.getTime(), ctx.now.getTime());
    if (granted !== account.granted_micro) {
      result.differences.push({
        accountId: account.account_id,
        detail: `allocation ${account.granted_micro}, replay says ${granted}`,
      });
    }
  }
  return result;
}
