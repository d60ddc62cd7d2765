import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Database, openDatabase } from "@/lib/db/client";
import { id, rows } from "@/lib/db/rows";

const fault = z.object({ account_id: id, what: z.string() });

/**
 * What must hold of all books at any instant, however they came about (C2, C6, C8, E4): the sums of the ledger, of its usage rows, of the grants and of the intervals
 * agree to the micro-credit. Returns what does not hold; an empty list is a sound database.
 */
export async function faultsIn(db: Database): Promise<string[]> {
  const found = await rows(
    db,
    fault,
    sql`
      select a.account_id, 'balance is not the sum of the ledger' as what from account a
        left join (select account_id, sum(credits_micro) as credits, sum(runs) as runs, count(*) as lines, max(seq) as last from ledger group by 1) l using (account_id)
        where a.balance_micro <> coalesce(l.credits, 0) or a.runs_remaining <> coalesce(l.runs, 0)
          or a.ledger_seq <> coalesce(l.lines, 0) or a.ledger_seq <> coalesce(l.last, 0)
      union all
      select account_id, 'line ' || seq || ' does not say what it left' from (
        select *, sum(credits_micro) over w as credits, sum(runs) over w as left_runs from ledger window w as (partition by account_id order by seq)
      ) l where balance_after_micro <> credits or runs_after <> left_runs
      union all
      select coalesce(l.account_id, u.account_id), 'line ' || coalesce(l.seq, u.ledger_seq) || ' is not its usage rows'
        from (select * from ledger where kind in ('usage', 'late_usage', 'event')) l
        full join (select account_id, ledger_seq, sum(credits_micro) as credits from usage group by 1, 2) u on u.account_id = l.account_id and u.ledger_seq = l.seq
        where u.credits is distinct from -l.credits_micro
      union all
      select a.account_id, 'the allocation is not the sum of the grants' from account a
        left join (select account_id, sum(credits_micro) as credits, sum(runs) as runs from credit_grant group by 1) g using (account_id)
        where a.granted_micro <> coalesce(g.credits, 0) or a.runs_granted <> coalesce(g.runs, 0)
      union all
      select u.account_id, 'deployment ' || u.deployment_id || ' is settled for other than its intervals'
        from (select account_id, deployment_id, sum(credits_micro) as credits, sum(running_ms) as ms from usage where component = 'hosting' and kind <> 'workflow' group by 1, 2) u
        full join (
          select s.account_id, s.deployment_id, sum(owed(s.rate_micro_per_hour, s.started_at, s.ended_at, s.started_at, a.settled_through)) as credits,
            sum(running_ms(s.started_at, s.ended_at, s.started_at, a.settled_through)) as ms
          from segment s join account a using (account_id) group by 1, 2
        ) s on s.account_id = u.account_id and s.deployment_id = u.deployment_id
        where coalesce(u.credits, 0) <> coalesce(s.credits, 0) or coalesce(u.ms, 0) <> coalesce(s.ms, 0)
      union all
      select s.account_id, 'pod ' || s.pod_uid || ' is marked settled wrongly' from segment s join account a using (account_id)
        where s.settled <> coalesce(s.ended_at <= a.settled_through, false)
      union all
      select s.account_id, 'pod ' || s.pod_uid || ' has intervals that overlap' from segment s join segment t
        on t.account_id = s.account_id and t.pod_uid = s.pod_uid and t.started_at > s.started_at and t.started_at < coalesce(s.ended_at, 'infinity')
      union all
      select a.account_id, 'closed, and something is wanted to run' from account a
        join deployment d on d.account_id = a.account_id and d.wanted = 'running' where a.closed_at is not null
      union all
      select a.account_id, 'open, and a stop by the limit waits to be begun' from account a
        join stop_order o on o.account_id = a.account_id and o.reason = 'limit' and o.state = 'requested' where a.closed_at is null
      union all
      select account_id, 'an alert was told ' || count(*) || ' times' from outbox
        where kind in ('threshold', 'used_up', 'limit_reached') group by account_id, payload ->> 'meter', payload ->> 'threshold', payload ->> 'remaining', at having count(*) > 1`,
  );
  return found.map(({ account_id, what }) => `account ${account_id}: ${what}`);
}

/** The same for a database that nothing else here is connected to. */
export async function faultsAt(url: string): Promise<string[]> {
  const connection = openDatabase(url, { max: 1 });
  try {
    return await faultsIn(connection.db);
  } finally {
    await connection.close();
  }
}
