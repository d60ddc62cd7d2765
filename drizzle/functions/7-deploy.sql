-- Writes a deployment that the gate has allowed, if the account is still as the gate saw it (A4, E4). Null: it is not; ask again.
create or replace function create_deployment(
  p_account bigint, p_version bigint, p_kind text, p_name text, p_program_id text, p_language text, p_profile_id text, p_replicas integer,
  p_grace_seconds integer, p_actor text, p_now timestamptz
) returns bigint
language plpgsql as $$
declare
  v_resource bigint;
  v_deployment bigint;
begin
  perform 1 from account where account_id = p_account and version = p_version and closed_at is null for update;
  if not found then return null; end if;
  select resource_id into v_resource from resource where account_id = p_account and kind = p_kind and name = p_name and deleted_at is null;
  if v_resource is null then
    insert into resource (account_id, kind, name, program_id, language, owner_name, created_at)
    values (p_account, p_kind, p_name, p_program_id, p_language, p_actor, p_now) returning resource_id into v_resource;
  end if;
  insert into deployment (account_id, resource_id, kind, name, program_id, profile_id, replicas, grace_seconds, wanted, status, created_by, created_at)
  values (p_account, v_resource, p_kind, p_name, p_program_id, p_profile_id, p_replicas, p_grace_seconds, 'running', 'deploying', p_actor, p_now)
  returning deployment_id into v_deployment;
  update account set version = version + 1 where account_id = p_account;
  insert into audit_log (account_id, at, actor, act, detail)
  values (p_account, p_now, p_actor, 'deploy', jsonb_build_object('deploymentId', v_deployment, 'name', p_name, 'profileId', p_profile_id, 'replicas', p_replicas));
  return v_deployment;
end $$;

-- Orders a stop by a person (E3). Asked twice it is one order. False: there is no such deployment, or it does not run.
create or replace function request_stop(p_account bigint, p_deployment bigint, p_reason text, p_actor text, p_now timestamptz) returns boolean
language plpgsql as $$
begin
  perform 1 from account where account_id = p_account for update;
  update deployment set wanted = 'stopped', status = 'stopping'
  where account_id = p_account and deployment_id = p_deployment and wanted = 'running';
  if not found then
    return exists (select 1 from deployment where account_id = p_account and deployment_id = p_deployment and status = 'stopping');
  end if;
  insert into stop_order (account_id, deployment_id, reason, actor, state, requested_at, next_attempt_at)
  values (p_account, p_deployment, p_reason, p_actor, 'requested', p_now, p_now) on conflict do nothing;
  update account set version = version + 1 where account_id = p_account;
  insert into audit_log (account_id, at, actor, act, detail)
  values (p_account, p_now, p_actor, 'undeploy', jsonb_build_object('deploymentId', p_deployment, 'reason', p_reason));
  return true;
end $$;

-- Takes one attempt of a stop order for this worker, before the platform is asked: from here on a top-up no longer takes it back
-- (E6), and no other worker attempts it until p_next. Null: it is done, cancelled, or not due.
create or replace function begin_stop_attempt(p_account bigint, p_stop_order bigint, p_next timestamptz, p_now timestamptz) returns integer
language sql as $$
  update stop_order set state = 'stopping', stopping_at = coalesce(stopping_at, p_now), attempts = attempts + 1, next_attempt_at = p_next
  where account_id = p_account and stop_order_id = p_stop_order and state in ('requested', 'stopping', 'failed') and next_attempt_at <= p_now
  returning attempts
$$;

-- Gives a deployment up that does not come to run; what it ran until now is billed.
create or replace function fail_deployment(p_account bigint, p_deployment bigint, p_reason text, p_now timestamptz) returns boolean
language plpgsql as $$
begin
  perform 1 from account where account_id = p_account for update;
  update deployment set wanted = 'stopped', status = 'failed', status_reason = p_reason, ended_at = p_now
  where account_id = p_account and deployment_id = p_deployment and wanted = 'running';
  if not found then return false; end if;
  insert into outbox (account_id, kind, payload, at)
  values (p_account, 'deploy_failed', jsonb_build_object('deploymentId', p_deployment, 'reason', p_reason), p_now);
  return true;
end $$;

-- Puts a new price in force from an instant that is not in the past, and splits there what runs (C3). Null: a price of this instant or a later
-- one is known.
create or replace function change_price(p_profile_id text, p_from timestamptz, p_credits_per_hour_micro bigint, p_actor text, p_now timestamptz) returns integer
language plpgsql as $$
declare v_split integer;
begin
  perform pg_advisory_xact_lock(7103);
  perform 1 from price where profile_id = p_profile_id and in_force_from >= p_from;
  if found then return null; end if;
  perform 1 from account a where exists (
    select 1 from segment s where s.account_id = a.account_id and s.profile_id = p_profile_id and s.ended_at is null
  ) order by account_id for update;
  insert into price (profile_id, in_force_from, credits_per_hour_micro, actor) values (p_profile_id, p_from, p_credits_per_hour_micro, p_actor);
  with cut as (
    update segment set ended_at = p_from
    where profile_id = p_profile_id and ended_at is null and started_at < p_from
    returning account_id, deployment_id, pod_uid, pod_started_at, shard, kind, resource_id, profile_id
  ), rest as (
    insert into segment (account_id, deployment_id, pod_uid, started_at, pod_started_at, shard, kind, resource_id, profile_id, rate_micro_per_hour, recorded_at)
    select account_id, deployment_id, pod_uid, p_from, pod_started_at, shard, kind, resource_id, profile_id, p_credits_per_hour_micro, p_now from cut
    returning account_id
  ), moved as (
    update account a set version = version + 1 where a.account_id in (select account_id from rest)
  )
  select count(*) into v_split from rest;
  return v_split;
end $$;
