-- Settle one hour for the accounts of a shard that stand at its beginning: usage rows, one ledger line per account, the balance.
-- Locks in one statement and works in the next, so that the work sees what the lock waited for. Run twice, it finds nothing
-- left to do: settled_through is the guard. Nested loops are off, because right after a settlement the planner expects one row.
create or replace function settle_hour(p_shard smallint, p_to timestamptz, p_now timestamptz) returns integer
language plpgsql set enable_nestloop = off as $$
declare
  v_from timestamptz := p_to - interval '1 hour';
  v_accounts integer;
begin
  perform 1 from account where shard = p_shard and settled_through = v_from order by account_id for update;
  get diagnostics v_accounts = row_count;

  with charged as materialized (
    select s.account_id, s.resource_id, s.deployment_id, s.kind,
      sum(running_ms(s.started_at, s.ended_at, v_from, p_to))::bigint as running_ms,
      sum(owed(s.rate_micro_per_hour, s.started_at, s.ended_at, v_from, p_to))::bigint as credits_micro
    from account a
    join segment s on s.account_id = a.account_id
    where a.shard = p_shard and a.settled_through = v_from and s.shard = p_shard and not s.settled and s.started_at < p_to
      -- What was split off for a price to come and never ran leaves no line.
      and (s.ended_at is null or s.ended_at > s.started_at)
    group by s.account_id, s.resource_id, s.deployment_id, s.kind
  ), total as (
    select account_id, sum(credits_micro)::bigint as credits_micro from charged group by account_id
  ), advanced as (
    update account a
    set settled_through = p_to,
      balance_micro = a.balance_micro - coalesce(t.credits_micro, 0),
      ledger_seq = a.ledger_seq + (t.account_id is not null)::int
    from account b left join total t on t.account_id = b.account_id
    where a.account_id = b.account_id and b.shard = p_shard and b.settled_through = v_from
    returning a.account_id, a.ledger_seq, a.balance_micro, a.runs_remaining, t.credits_micro
  ), line as (
    insert into ledger (account_id, seq, kind, credits_micro, runs, balance_after_micro, runs_after, period_from, period_to, at, effective_at)
    select account_id, ledger_seq, 'usage', -credits_micro, 0, balance_micro, runs_remaining, v_from, p_to, p_now, p_to
    from advanced where credits_micro is not null
  )
  insert into usage (account_id, hour, resource_id, deployment_id, kind, component, ledger_seq, running_ms, quantity, credits_micro)
  select c.account_id, v_from, c.resource_id, c.deployment_id, c.kind, 'hosting', a.ledger_seq, c.running_ms, 0, c.credits_micro
  from charged c join advanced a on a.account_id = c.account_id;

  update segment s set settled = true where s.shard = p_shard and not s.settled and s.ended_at <= p_to
    and exists (select 1 from account a where a.account_id = s.account_id and a.settled_through >= s.ended_at);
  return v_accounts;
end $$;

-- Settle every hour that is over for a shard: a minute and a half after its end, so that what the platform reports late is in it,
-- and never past the platform's last complete observation (C5). However long the worker was away, hours follow in order.
create or replace function settle_due(p_shard smallint, p_now timestamptz) returns integer
language plpgsql as $$
declare
  v_until timestamptz := least(p_now - interval '90 seconds', (select min(observed_at) from platform_state));
  v_hour timestamptz;
  v_hours integer := 0;
begin
  if not pg_try_advisory_xact_lock(7101, p_shard) then return 0; end if;
  loop
    select min(settled_through) + interval '1 hour' into v_hour from account where shard = p_shard;
    exit when v_hour is null or v_hour > v_until;
    perform settle_hour(p_shard, v_hour, p_now);
    v_hours := v_hours + 1;
  end loop;
  return v_hours;
end $$;
