-- Counted things (I1): each counts once by its key, in one transaction with its ledger line, one line per account and call. Accounts are
-- locked in order first. p_reserve: runs that the account does not have are refused instead of recorded (A2); else what happened
-- beyond the last run is usage, but takes nothing, since runs cannot go below zero.
-- Returns per event what became of it: recorded, duplicate or refused.
create or replace function record_events(p_events jsonb, p_reserve boolean, p_now timestamptz)
returns table (account_id bigint, key text, outcome text)
language plpgsql as $$
#variable_conflict use_column
begin
  perform 1 from account where account_id in (select distinct (e ->> 'accountId')::bigint from jsonb_array_elements(p_events) e) order by account_id for update;
  return query
  with given as materialized (
    select e.* from rows from (
      jsonb_to_recordset(p_events) as ("accountId" bigint, "key" text, "kind" text, "component" text, "resourceId" bigint, "runs" bigint, "creditsMicro" bigint, "occurredAt" timestamptz, "detail" jsonb)
    ) with ordinality as e("accountId", "key", "kind", "component", "resourceId", "runs", "creditsMicro", "occurredAt", "detail", ordinal)
  ), fresh as materialized (
    select g.*, a.ledger_seq + 1 as seq, a.runs_remaining,
      sum(g."runs") over (partition by g."accountId" order by g.ordinal) as runs_so_far
    from (select distinct on ("accountId", "key") * from given order by "accountId", "key", ordinal) g
    join account a on a.account_id = g."accountId"
    where not exists (select 1 from usage_event u where u.account_id = g."accountId" and u.key = g."key")
  ), recorded as (
    insert into usage_event (account_id, key, kind, component, resource_id, runs, quantity, credits_micro, occurred_at, recorded_at, ledger_seq, detail)
    select "accountId", "key", "kind", "component", "resourceId",
      greatest(0, least("runs", runs_remaining - (runs_so_far - "runs"))), greatest(1, "runs"), "creditsMicro", "occurredAt", p_now, seq, "detail"
    from fresh where not p_reserve or runs_so_far <= runs_remaining
    on conflict do nothing
    returning account_id, key, kind, component, resource_id, runs, quantity, credits_micro, occurred_at, ledger_seq
  ), total as (
    select account_id, sum(runs)::bigint as runs, sum(credits_micro)::bigint as credits_micro, min(occurred_at) as first_at from recorded group by account_id
  ), moved as (
    update account a set balance_micro = a.balance_micro - t.credits_micro, runs_remaining = a.runs_remaining - t.runs,
      ledger_seq = a.ledger_seq + 1, version = a.version + 1,
      -- An event of before a grant's end, or of an earlier cycle, changes what grants had left then.
      grants_due_at = case when t.first_at < a.cycle_started_at or exists (
        select 1 from credit_grant g where g.account_id = a.account_id and g.expires_at > t.first_at and g.expires_at <= p_now
      ) then least(a.grants_due_at, p_now) else a.grants_due_at end
    from total t
    where a.account_id = t.account_id
    returning a.account_id, a.ledger_seq, a.balance_micro, a.runs_remaining, t.runs, t.credits_micro
  ), line as (
    insert into ledger (account_id, seq, kind, credits_micro, runs, balance_after_micro, runs_after, at, effective_at)
    select account_id, ledger_seq, 'event', -credits_micro, -runs, balance_micro, runs_remaining, p_now, p_now from moved
  ), hourly as (
    insert into usage (account_id, hour, resource_id, deployment_id, kind, component, ledger_seq, running_ms, quantity, credits_micro)
    select account_id, hour_of(occurred_at), resource_id, 0, kind, component, ledger_seq, 0, sum(quantity), sum(credits_micro)
    from recorded group by account_id, hour_of(occurred_at), resource_id, kind, component, ledger_seq
  )
  select g."accountId", g."key", case when r.key is not null then 'recorded' when f."key" is not null then 'refused' else 'duplicate' end
  from given g
  left join recorded r on r.account_id = g."accountId" and r.key = g."key"
  left join fresh f on f."accountId" = g."accountId" and f."key" = g."key";
end $$;
