-- Charges, or gives back, running time of hours that were settled before it was known (C2, C5): one ledger line per account, usage rows
-- by hour. p_changes: {accountId, deploymentId, resourceId, kind, rate, startedAt, oldEnd, newEnd, fresh}; fresh: there was no
-- interval before, else there was one that ended at oldEnd (null: not at all).
create or replace function charge_late(p_changes jsonb, p_now timestamptz) returns void
language plpgsql as $$
begin
  with change as (
    select c.*, a.settled_through
    from jsonb_to_recordset(p_changes) as c("accountId" bigint, "deploymentId" bigint, "resourceId" bigint, "kind" text, "rate" bigint,
      "startedAt" timestamptz, "oldEnd" timestamptz, "newEnd" timestamptz, "fresh" boolean)
    join account a on a.account_id = c."accountId"
  ), hourly as (
    select c."accountId" as account_id, c."deploymentId" as deployment_id, c."resourceId" as resource_id, c."kind" as kind, h.hour,
      sum(running_ms(c."startedAt", c."newEnd", h.hour, h.hour + interval '1 hour')
        - case when c."fresh" then 0 else running_ms(c."startedAt", c."oldEnd", h.hour, h.hour + interval '1 hour') end)::bigint as running_ms,
      sum(owed(c."rate", c."startedAt", c."newEnd", h.hour, h.hour + interval '1 hour')
        - case when c."fresh" then 0 else owed(c."rate", c."startedAt", c."oldEnd", h.hour, h.hour + interval '1 hour') end)::bigint as credits_micro
    from change c
    cross join lateral generate_series(hour_of(case when c."fresh" then c."startedAt" else least(c."newEnd", c."oldEnd") end),
      c.settled_through - interval '1 hour', interval '1 hour') h(hour)
    group by 1, 2, 3, 4, 5
  ), late as materialized (
    select * from hourly where running_ms <> 0 or credits_micro <> 0
  ), total as (
    select account_id, sum(credits_micro)::bigint as credits_micro, min(hour) as period_from, max(hour) + interval '1 hour' as period_to
    from late group by account_id
  ), moved as (
    update account a set balance_micro = a.balance_micro - t.credits_micro, ledger_seq = a.ledger_seq + 1, version = a.version + 1,
      -- A grant that ended meanwhile may have had less, or more, left than was written.
      grants_due_at = least(a.grants_due_at, p_now)
    from total t where a.account_id = t.account_id
    returning a.account_id, a.ledger_seq, a.balance_micro, a.runs_remaining, t.credits_micro, t.period_from, t.period_to
  ), line as (
    insert into ledger (account_id, seq, kind, credits_micro, runs, balance_after_micro, runs_after, period_from, period_to, at, effective_at, actor, reason)
    select account_id, ledger_seq, 'late_usage', -credits_micro, 0, balance_micro, runs_remaining, period_from, period_to, p_now, period_to, 'podmeter',
      'Running time that was reported after its hour was settled'
    from moved
  )
  insert into usage (account_id, hour, resource_id, deployment_id, kind, component, ledger_seq, running_ms, quantity, credits_micro)
  select l.account_id, l.hour, l.resource_id, l.deployment_id, l.kind, 'hosting', m.ledger_seq, l.running_ms, 0, l.credits_micro
  from late l join moved m on m.account_id = l.account_id;
end $$;

-- Writes what a complete observation of a platform means, as lib/billing/reconcile.ts decided it, all of it or nothing:
--   p_closes, p_opens: intervals {accountId, deploymentId, podUid, startedAt, endedAt}
--   p_ready: deployments that answer {accountId, deploymentId, endpoint}
--   p_gone: deployments of which nothing runs any more {accountId, deploymentId}; ends their stop orders (E3)
--   p_back: deployments that run although they are stopped {accountId, deploymentId}; ordered to stop again (E3)
-- Every row is idempotent: a second worker with the same observation changes nothing. False: a later observation is on record already.
create or replace function apply_observation(
  p_platform text, p_observed_at timestamptz, p_closes jsonb, p_opens jsonb, p_ready jsonb, p_gone jsonb, p_back jsonb, p_now timestamptz
) returns boolean
language plpgsql as $$
declare v_changes jsonb;
begin
  -- A price that is changed meanwhile waits for this, or this for it: no interval begins at a price that is over.
  perform pg_advisory_xact_lock_shared(7103);
  insert into platform_state as s (platform, observed_at) values (p_platform, p_observed_at)
  on conflict (platform) do update set observed_at = excluded.observed_at, failing_since = null, last_error = null
  where s.observed_at is null or s.observed_at <= excluded.observed_at;
  -- Another worker has looked later and written first: what this one saw is old, and the next look sees it again.
  if not found then return false; end if;

  perform 1 from account where account_id in (
    select distinct (e ->> 'accountId')::bigint from jsonb_array_elements(p_closes || p_opens || p_ready || p_gone || p_back) e
  ) order by account_id for update;

  with target as materialized (
    select s.account_id, s.deployment_id, s.pod_uid, s.started_at, s.ended_at as old_end, greatest(s.started_at, c."endedAt") as new_end, a.settled_through
    from jsonb_to_recordset(p_closes) as c("accountId" bigint, "deploymentId" bigint, "podUid" text, "startedAt" timestamptz, "endedAt" timestamptz)
    join segment s on s.account_id = c."accountId" and s.deployment_id = c."deploymentId" and s.pod_uid = c."podUid" and s.pod_started_at = c."startedAt"
    join account a on a.account_id = s.account_id
    where s.ended_at is null or s.ended_at > c."endedAt"
  ), closed as (
    update segment s set ended_at = t.new_end, settled = s.settled or t.new_end <= t.settled_through
    from target t
    where s.account_id = t.account_id and s.deployment_id = t.deployment_id and s.pod_uid = t.pod_uid and s.started_at = t.started_at
    returning s.account_id, s.deployment_id, s.resource_id, s.kind, s.rate_micro_per_hour, s.started_at, t.old_end, t.new_end, t.settled_through
  )
  select jsonb_agg(jsonb_build_object('accountId', account_id, 'deploymentId', deployment_id, 'resourceId', resource_id, 'kind', kind,
    'rate', rate_micro_per_hour, 'startedAt', started_at, 'oldEnd', old_end, 'newEnd', new_end, 'fresh', false)) filter (where new_end < settled_through)
  into v_changes from closed;
  if v_changes is not null then perform charge_late(v_changes, p_now); end if;

  -- An interval that spans price changes becomes one segment per price (C3).
  with part as (
    select o."accountId", o."deploymentId", o."podUid", o."startedAt" as pod_started_at, greatest(o."startedAt", p.in_force_from) as started_at,
      least(o."endedAt", p.in_force_until) as ended_at, a.shard, a.settled_through, d.kind, d.resource_id, d.profile_id, p.credits_per_hour_micro
    from jsonb_to_recordset(p_opens) as o("accountId" bigint, "deploymentId" bigint, "podUid" text, "startedAt" timestamptz, "endedAt" timestamptz)
    join account a on a.account_id = o."accountId"
    join deployment d on d.account_id = o."accountId" and d.deployment_id = o."deploymentId"
    join lateral (
      select in_force_from, lead(in_force_from) over (order by in_force_from) as in_force_until, credits_per_hour_micro
      from price where profile_id = d.profile_id
    ) p on (o."endedAt" is null or p.in_force_from < o."endedAt" or o."endedAt" = o."startedAt")
      and (p.in_force_until is null or p.in_force_until > o."startedAt")
      and (o."endedAt" is distinct from o."startedAt" or p.in_force_from <= o."startedAt")
  ), opened as (
    insert into segment (account_id, deployment_id, pod_uid, started_at, pod_started_at, ended_at, shard, kind, resource_id, profile_id, rate_micro_per_hour, recorded_at, settled)
    select "accountId", "deploymentId", "podUid", started_at, pod_started_at, ended_at, shard, kind, resource_id, profile_id, credits_per_hour_micro, p_now,
      coalesce(ended_at <= settled_through, false)
    from part
    on conflict do nothing
    returning account_id, deployment_id, resource_id, kind, rate_micro_per_hour, started_at, ended_at
  )
  select jsonb_agg(jsonb_build_object('accountId', o.account_id, 'deploymentId', o.deployment_id, 'resourceId', o.resource_id, 'kind', o.kind,
    'rate', o.rate_micro_per_hour, 'startedAt', o.started_at, 'oldEnd', null, 'newEnd', o.ended_at, 'fresh', true)) filter (where o.started_at < a.settled_through)
  into v_changes from opened o join account a on a.account_id = o.account_id;
  if v_changes is not null then perform charge_late(v_changes, p_now); end if;

  -- A decision that rests on what ran before is not carried out on what runs now.
  -- And running time of before a grant's end, or of an earlier cycle, changes what grants had left then.
  update account a set version = version + 1,
    grants_due_at = case when c.first_at < a.cycle_started_at or exists (
      select 1 from credit_grant g where g.account_id = a.account_id and g.expires_at > c.first_at and g.expires_at <= p_now
    ) then least(a.grants_due_at, p_now) else a.grants_due_at end
  from (
    select account_id, min(at) as first_at from (
      select (e ->> 'accountId')::bigint as account_id, (e ->> 'endedAt')::timestamptz as at from jsonb_array_elements(p_closes) e
      union all
      select (e ->> 'accountId')::bigint, (e ->> 'startedAt')::timestamptz from jsonb_array_elements(p_opens) e
    ) change group by account_id
  ) c
  where a.account_id = c.account_id;

  with answering as (
    update deployment d set status = 'deployed', endpoint = r.endpoint, deployed_at = coalesce(d.deployed_at, p_now)
    from jsonb_to_recordset(p_ready) as r("accountId" bigint, "deploymentId" bigint, endpoint text)
    where d.account_id = r."accountId" and d.deployment_id = r."deploymentId" and d.wanted = 'running' and d.status = 'deploying'
    returning d.account_id, d.deployment_id
  )
  insert into outbox (account_id, kind, payload, at)
  select account_id, 'deployed', jsonb_build_object('deploymentId', deployment_id), p_now from answering;

  with ended as (
    update deployment d set status = 'undeployed',
      -- Not by what was split off for a price to come and never ran.
      ended_at = coalesce((
        select max(s.ended_at) from segment s
        where s.account_id = d.account_id and s.deployment_id = d.deployment_id and s.ended_at > s.started_at
      ), p_now),
      status_reason = case when o.reason = 'limit' then 'limit' else 'by ' || o.actor end
    from jsonb_to_recordset(p_gone) as g("accountId" bigint, "deploymentId" bigint)
    join stop_order o on o.account_id = g."accountId" and o.deployment_id = g."deploymentId" and o.state in ('requested', 'stopping', 'failed')
    where d.account_id = g."accountId" and d.deployment_id = g."deploymentId" and d.wanted = 'stopped' and d.status = 'stopping'
      and o.requested_at < p_observed_at
    returning d.account_id, d.deployment_id, d.ended_at, o.stop_order_id, o.reason
  ), proven as (
    update stop_order o set state = 'stopped', stopped_at = greatest(e.ended_at, o.requested_at), last_error = null
    from ended e where o.account_id = e.account_id and o.stop_order_id = e.stop_order_id
  )
  insert into outbox (account_id, kind, payload, at)
  select account_id, case when reason = 'limit' then 'stopped' else 'undeployed' end, jsonb_build_object('deploymentId', deployment_id, 'stopOrderId', stop_order_id), p_now
  from ended;

  with again as (
    update deployment d set status = 'stopping'
    from jsonb_to_recordset(p_back) as b("accountId" bigint, "deploymentId" bigint)
    where d.account_id = b."accountId" and d.deployment_id = b."deploymentId" and d.wanted = 'stopped' and d.status in ('undeployed', 'failed')
    returning d.account_id, d.deployment_id
  )
  insert into stop_order (account_id, deployment_id, reason, actor, state, requested_at, next_attempt_at)
  select a.account_id, a.deployment_id, coalesce(last.reason, 'operator'), coalesce(last.actor, 'podmeter'), 'requested', p_now, p_now
  from again a
  left join lateral (
    select reason, actor from stop_order o where o.account_id = a.account_id and o.deployment_id = a.deployment_id order by stop_order_id desc limit 1
  ) last on true
  on conflict do nothing;
  return true;
end $$;
