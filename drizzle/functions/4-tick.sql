-- The tick (E1, N5, A6): reads the live balance of a shard, or of one account, and writes only where a level rises: the alert rows, one
-- message for the highest, and at the negative limit, in this order and in one transaction, the closed gate, the deployments'
-- wanted state and the stop orders (E4). Levels only rise here; only a credit lowers them. An account whose version moved
-- since it was read is left for the next tick, so a stop never follows a top-up that came first (E6).
-- Nothing crossed: nothing is written, not even to the log of the database.
create or replace function tick(p_shard smallint, p_account bigint, p_now timestamptz)
returns table (account_id bigint, credits_level smallint, runs_level smallint)
language plpgsql set plan_cache_mode = force_custom_plan set enable_nestloop = off as $$
#variable_conflict use_column
declare v_until timestamptz := metered_until(p_now);
begin
  if p_account is null and not pg_try_advisory_xact_lock(7102, p_shard) then return; end if;
  return query
  with live as materialized (
    select * from account_live(v_until, p_shard, p_account)
  ), crossing as materialized (
    select l.*, credits_level(l.live_micro, l.granted_micro, l.negative_limit_micro) as new_credits_level,
      runs_level(l.runs_remaining, l.runs_granted) as new_runs_level
    from live l
    where credits_level(l.live_micro, l.granted_micro, l.negative_limit_micro) > l.credits_level
      or runs_level(l.runs_remaining, l.runs_granted) > l.runs_level
  ), locked as materialized (
    -- In the order of accounts, like everything that locks several, so that nobody waits in a circle.
    select a.account_id from account a join crossing c on c.account_id = a.account_id and c.version = a.version
    order by a.account_id for update of a
  ), risen as (
    update account a
    set credits_level = greatest(a.credits_level, c.new_credits_level),
      runs_level = greatest(a.runs_level, c.new_runs_level),
      closed_at = case when c.new_credits_level = 127 then coalesce(a.closed_at, p_now) else a.closed_at end,
      version = a.version + 1
    from crossing c join locked k on k.account_id = c.account_id
    where a.account_id = c.account_id and a.version = c.version
    returning c.account_id, c.live_micro, c.granted_micro, c.runs_remaining, c.runs_granted, c.arm_generation,
      c.credits_level as old_credits_level, greatest(c.credits_level, c.new_credits_level) as new_credits_level,
      c.runs_level as old_runs_level, greatest(c.runs_level, c.new_runs_level) as new_runs_level
  ), news as (
    select account_id, 'credits' as meter, arm_generation, old_credits_level as old_level, new_credits_level as new_level, live_micro as remaining, granted_micro as granted from risen
    union all
    select account_id, 'runs', arm_generation, old_runs_level, new_runs_level, runs_remaining, runs_granted from risen
  ), alerted as (
    insert into alert (account_id, meter, arm_generation, threshold, at, remaining, granted)
    select n.account_id, n.meter, n.arm_generation, t.threshold, p_now, n.remaining, n.granted
    from news n join unnest(array[50, 70, 80, 90, 100, 127]::smallint[]) t(threshold) on t.threshold > n.old_level and t.threshold <= n.new_level
    on conflict do nothing
    returning account_id, meter, threshold, remaining, granted
  ), told as (
    insert into outbox (account_id, kind, payload, at)
    select distinct on (account_id, meter) account_id,
      case threshold when 127 then 'limit_reached' when 100 then 'used_up' else 'threshold' end,
      jsonb_build_object('meter', meter, 'threshold', threshold, 'remaining', remaining::text, 'granted', granted::text), p_now
    from alerted order by account_id, meter, threshold desc
  ), halted as (
    update deployment d set wanted = 'stopped', status = 'stopping'
    from risen r
    where d.account_id = r.account_id and r.new_credits_level = 127 and r.old_credits_level < 127 and d.wanted = 'running'
    returning d.account_id, d.deployment_id
  ), ordered as (
    -- It was crossed now at the latest; the caller puts the exact instant in.
    insert into stop_order (account_id, deployment_id, reason, actor, state, crossed_at, requested_at, next_attempt_at)
    select account_id, deployment_id, 'limit', 'podmeter', 'requested', p_now, p_now, p_now from halted
    on conflict do nothing
  )
  select account_id, new_credits_level, new_runs_level from risen;
end $$;

-- The shards in which a level has risen and a tick would act. A tick of all shards is mostly this one read: nothing is locked, and its
-- plan is kept, whereas the tick itself is planned anew each time.
create or replace function shards_to_tick(p_now timestamptz) returns table (shard smallint)
language plpgsql stable set enable_nestloop = off set max_parallel_workers_per_gather = 0 as $$
declare v_until timestamptz := metered_until(p_now);
begin
  return query
  with live as materialized (select * from account_live(v_until, null, null))
  select distinct l.shard from live l
  where credits_level(l.live_micro, l.granted_micro, l.negative_limit_micro) > l.credits_level
    or runs_level(l.runs_remaining, l.runs_granted) > l.runs_level;
end $$;
