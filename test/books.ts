import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/lib/context";
import { verifyLedger } from "@/lib/credits/verify-ledger";
import { id, rows } from "@/lib/db/rows";

const fault = z.object({ account_id: id, what: z.string() });

/**
 * What must hold of all books at any instant, however they came about: the sums of ledger, usage, grants and intervals agree to the micro-credit
 * (C2, C6, C8), and nothing contradicts itself (E4, E6, N5). Returns what does not hold; an empty list is a sound database.
 */
export async function faultsIn(ctx: Context): Promise<string[]> {
  const sums = await verifyLedger(ctx);
  const contradictions = await rows(
    ctx.db,
    fault,
    sql`
      select a.account_id, 'its ledger is not numbered without a gap' as what from account a
        where a.ledger_seq <> (select count(*) from ledger l where l.account_id = a.account_id)
      union all
      select u.account_id, 'usage of line ' || u.ledger_seq || ' has no line' from usage u
        where not exists (select 1 from ledger l where l.account_id = u.account_id and l.seq = u.ledger_seq)
      union all
      select account_id, 'deployment ' || deployment_id || ' is settled for another time than it ran' from (
        select u.account_id, u.deployment_id, sum(u.running_ms) - (
            select coalesce(sum(running_ms(s.started_at, s.ended_at, s.started_at, a.settled_through)), 0)
            from segment s join account a using (account_id) where s.account_id = u.account_id and s.deployment_id = u.deployment_id
          ) as difference
        from usage u join ledger l on l.account_id = u.account_id and l.seq = u.ledger_seq and l.kind in ('usage', 'late_usage') group by 1, 2
      ) d where difference <> 0
      union all
      select s.account_id, 'pod ' || s.pod_uid || ' has intervals that overlap' from segment s join segment t
        on t.account_id = s.account_id and t.pod_uid = s.pod_uid and t.started_at > s.started_at and t.started_at < coalesce(s.ended_at, 'infinity')
      union all
      select a.account_id, 'closed, and something is wanted to run' from account a
        join deployment d on d.account_id = a.account_id and d.wanted = 'running' where a.closed_at is not null
      union all
      select a.account_id, 'open, and a stop by the limit waits to be begun' from account a
        join stop_order o on o.account_id = a.account_id and o.reason = 'limit' and o.state in ('requested', 'failed') where a.closed_at is null
      union all
      select account_id, 'a crossing was told more than once' from outbox
        where kind in ('threshold', 'used_up', 'limit_reached') group by account_id, kind, payload, at having count(*) > 1`,
  );
  return [
    ...sums.flatMap(({ invariant, differences }) =>
      differences.map(({ accountId, detail }) => `account ${accountId}: not true that ${invariant}: ${detail}`),
    ),
    ...contradictions.map(({ account_id, what }) => `account ${account_id}: ${what}`),
  ];
}
