-- Everything of an account that was consumed before each of some instants: running time to the millisecond, events by their own time.
-- What a correction gave back is the last of what its hour consumed, so that nothing is given back before it was taken. What the
-- replay of grants asks for (C7).
create or replace function consumed_before(p_account bigint, p_instants timestamptz[]) returns table (at timestamptz, credits_micro bigint, runs bigint)
language sql stable as $$
  with given_back as (
    select u.hour, u.resource_id, u.deployment_id, u.component, -sum(u.credits_micro) as credits_micro
    from ledger l join usage u on u.account_id = l.account_id and u.ledger_seq = l.seq
    where l.account_id = p_account and l.kind = 'correction'
    group by u.hour, u.resource_id, u.deployment_id, u.component
  )
  select i.at,
    (coalesce((select sum(burned(s.rate_micro_per_hour, s.started_at, least(i.at, s.ended_at))) from segment s where s.account_id = p_account and s.started_at < i.at), 0)
      + coalesce((select sum(e.credits_micro) from usage_event e where e.account_id = p_account and e.occurred_at < i.at), 0)
      - coalesce((
          select sum(greatest(0, b.credits_micro - later.credits_micro)) from given_back b
          -- What the hour still consumes at or after the instant.
          cross join lateral (
            select coalesce((
                select sum(owed(s.rate_micro_per_hour, s.started_at, s.ended_at, least(i.at, b.hour + interval '1 hour'), b.hour + interval '1 hour')) from segment s
                where s.account_id = p_account and s.deployment_id = b.deployment_id and s.started_at < b.hour + interval '1 hour'
              ), 0) + coalesce((
                select sum(e.credits_micro) from usage_event e
                where b.deployment_id = 0 and e.account_id = p_account and e.resource_id = b.resource_id and e.component = b.component
                  and e.occurred_at >= i.at and e.occurred_at < b.hour + interval '1 hour'
              ), 0) as credits_micro
          ) later
          where b.hour < i.at
        ), 0))::bigint,
    coalesce((select sum(e.runs) from usage_event e where e.account_id = p_account and e.occurred_at < i.at), 0)::bigint
  from unnest(p_instants) i(at)
$$;

-- After a balance rose, in the same transaction: levels are set to what they are now, and if one fell the alerts above it are armed
-- again (N5); with the balance above the negative limit the account is open again, and stops that are not carried out are taken back,
-- also those that the platform could not be asked for (E6). The caller holds the account's lock. Returns the number of stops taken back.
create or replace function after_credit(p_account bigint, p_now timestamptz) returns integer
language plpgsql set plan_cache_mode = force_custom_plan as $$
declare
  v account;
  v_live record;
  v_credits_level smallint;
  v_runs_level smallint;
  v_cancelled integer := 0;
begin
  select * into v from account where account_id = p_account;
  select * into v_live from account_live(metered_until(p_now), v.shard, p_account);
  v_credits_level := least(v.credits_level, credits_level(v_live.live_micro, v_live.granted_micro, v_live.negative_limit_micro));
  v_runs_level := least(v.runs_level, runs_level(v_live.runs_remaining, v_live.runs_granted));
  update account set credits_level = v_credits_level, runs_level = v_runs_level, version = version + 1,
    arm_generation = arm_generation + (v_credits_level < v.credits_level or v_runs_level < v.runs_level)::int,
    closed_at = case when v_credits_level < 127 then null else closed_at end
  where account_id = p_account;
  if v_credits_level = 127 then return 0; end if;

  with taken_back as (
    update stop_order set state = 'cancelled', cancelled_at = p_now
    where account_id = p_account and reason = 'limit' and state in ('requested', 'failed') returning deployment_id
  )
  update deployment d set wanted = 'running', status = case when d.deployed_at is null then 'deploying' else 'deployed' end, applied_at = null
  from taken_back t where d.account_id = p_account and d.deployment_id = t.deployment_id;
  get diagnostics v_cancelled = row_count;
  return v_cancelled;
end $$;

-- Opens an account. Its running time counts from the hour in which it was made; its grants are due at once (A1, A9).
create or replace function open_account(
  p_public_id text, p_name text, p_time_zone text, p_plan_id text, p_shards integer, p_anchor_day integer, p_cycle_from timestamptz, p_cycle_to timestamptz, p_now timestamptz
) returns bigint
language plpgsql as $$
declare v_account bigint;
begin
  insert into account (public_id, name, time_zone, plan_id, shard, settled_through, created_at, anchor_day, cycle_started_at, next_cycle_at, grants_due_at)
  values (p_public_id, p_name, p_time_zone, p_plan_id, 0, hour_of(p_now), p_now, p_anchor_day, p_cycle_from, p_cycle_to, p_now) returning account_id into v_account;
  update account set shard = (v_account % p_shards)::smallint where account_id = v_account;
  return v_account;
end $$;

-- Writes the lines that lib/billing/grant-lines.ts planned (A3, A7, A9, C7), if the account is still as the plan saw it. Lines, each an object
-- with type and effectiveAt: grant {kind, creditsMicro, runs, expiresAt, reason, ref}, expiry {grantId, creditsMicro, runs},
-- settlement {ref, debtPaidMicro}. Returns the number of stops taken back; null when the account has changed: plan again.
create or replace function post_grant_lines(
  p_account bigint, p_version bigint, p_lines jsonb, p_granted_micro bigint, p_runs_granted bigint, p_due_at timestamptz, p_cycle_from timestamptz, p_cycle_to timestamptz,
  p_actor text, p_now timestamptz
) returns integer
language plpgsql as $$
declare
  v account;
  v_line record;
  v_credits bigint;
  v_runs bigint;
  v_grant bigint;
  v_written integer := 0;
begin
  select * into v from account where account_id = p_account and version = p_version for update;
  if not found then return null; end if;
  for v_line in
    select * from jsonb_to_recordset(p_lines) as l(type text, "effectiveAt" timestamptz, kind text, "creditsMicro" bigint, runs bigint, "inForceFrom" timestamptz,
      "expiresAt" timestamptz, reason text, ref text, "grantId" bigint, "debtPaidMicro" bigint)
  loop
    continue when v_line.ref is not null and exists (select 1 from ledger where account_id = p_account and ref = v_line.ref);
    v_credits := case v_line.type when 'grant' then v_line."creditsMicro" when 'expiry' then -v_line."creditsMicro" else 0 end;
    -- Runs do not go below zero: those that were used after their grant's end, before this was written, wait for the next grant.
    v_runs := case v_line.type when 'grant' then v_line.runs when 'expiry' then -least(v_line.runs, v.runs_remaining) else 0 end;
    continue when v_line.type = 'expiry' and v_credits = 0 and v_runs = 0;
    update account set balance_micro = balance_micro + v_credits, runs_remaining = runs_remaining + v_runs, ledger_seq = ledger_seq + 1
    where account_id = p_account returning * into v;
    v_grant := v_line."grantId";
    if v_line.type = 'grant' then
      insert into credit_grant (account_id, kind, credits_micro, runs, in_force_from, expires_at, reason, actor, ledger_seq)
      values (p_account, v_line.kind, v_line."creditsMicro", v_line.runs, v_line."effectiveAt", v_line."expiresAt", v_line.reason, p_actor, v.ledger_seq)
      returning grant_id into v_grant;
      insert into audit_log (account_id, at, actor, act, detail)
      values (p_account, p_now, p_actor, 'grant', jsonb_build_object('kind', v_line.kind, 'creditsMicro', v_line."creditsMicro"::text, 'runs', v_line.runs::text,
        'reason', v_line.reason, 'ref', v_line.ref, 'expiresAt', v_line."expiresAt"));
    end if;
    insert into ledger (account_id, seq, kind, credits_micro, runs, balance_after_micro, runs_after, at, effective_at, ref, actor, reason, grant_id, debt_paid_micro)
    values (p_account, v.ledger_seq, v_line.type, v_credits, v_runs, v.balance_micro, v.runs_remaining, p_now, v_line."effectiveAt", v_line.ref, p_actor,
      v_line.reason, v_grant, v_line."debtPaidMicro");
    v_written := v_written + 1;
  end loop;
  update account set granted_micro = p_granted_micro, runs_granted = p_runs_granted, grants_due_at = p_due_at, cycle_started_at = p_cycle_from, next_cycle_at = p_cycle_to
  where account_id = p_account;
  return after_credit(p_account, p_now);
end $$;

-- Gives back usage that was charged wrongly (C8): one ledger line that refers to the corrected one, usage rows of the opposite sign. Rows: {hour,
-- resourceId, deploymentId, kind, component, creditsMicro, runningMs}, amounts positive. False: a row would give back more than is charged there.
create or replace function correct_usage(p_account bigint, p_rows jsonb, p_corrects_seq bigint, p_reason text, p_actor text, p_ref text, p_now timestamptz) returns boolean
language plpgsql as $$
declare
  v account;
  v_total bigint;
begin
  perform 1 from account where account_id = p_account for update;
  perform 1 from ledger where account_id = p_account and ref = p_ref;
  if found then return true; end if;
  perform 1
  from jsonb_to_recordset(p_rows) as r(hour timestamptz, "resourceId" bigint, "deploymentId" bigint, component text, "creditsMicro" bigint, "runningMs" bigint)
  left join lateral (
    select coalesce(sum(u.credits_micro), 0) as credits_micro, coalesce(sum(u.running_ms), 0) as running_ms from usage u
    where u.account_id = p_account and u.hour = r.hour and u.resource_id = r."resourceId" and u.deployment_id = r."deploymentId" and u.component = r.component
  ) charged on true
  where r."creditsMicro" > charged.credits_micro or r."runningMs" > charged.running_ms or r."creditsMicro" < 0 or r."runningMs" < 0;
  if found then return false; end if;

  select coalesce(sum((r ->> 'creditsMicro')::bigint), 0) into v_total from jsonb_array_elements(p_rows) r;
  update account set balance_micro = balance_micro + v_total, ledger_seq = ledger_seq + 1, grants_due_at = least(grants_due_at, p_now)
  where account_id = p_account returning * into v;
  insert into ledger (account_id, seq, kind, credits_micro, runs, balance_after_micro, runs_after, at, effective_at, ref, corrects_seq, actor, reason)
  values (p_account, v.ledger_seq, 'correction', v_total, 0, v.balance_micro, v.runs_remaining, p_now, p_now, p_ref, p_corrects_seq, p_actor, p_reason);
  insert into usage (account_id, hour, resource_id, deployment_id, kind, component, ledger_seq, running_ms, quantity, credits_micro)
  select p_account, r.hour, r."resourceId", r."deploymentId", r.kind, r.component, v.ledger_seq, -r."runningMs", 0, -r."creditsMicro"
  from jsonb_to_recordset(p_rows) as r(hour timestamptz, "resourceId" bigint, "deploymentId" bigint, kind text, component text, "creditsMicro" bigint, "runningMs" bigint);
  insert into audit_log (account_id, at, actor, act, detail)
  values (p_account, p_now, p_actor, 'correct_usage', jsonb_build_object('correctsSeq', p_corrects_seq, 'seq', v.ledger_seq, 'creditsMicro', v_total::text, 'reason', p_reason));
  perform after_credit(p_account, p_now);
  return true;
end $$;

-- Changes a plan's limits and what its cycles bring; in force at once for all its accounts (A10). Plan 'by account': each is locked in order.
create or replace function change_plan(p_plan_id text, p_name text, p_negative_limit_micro bigint, p_deploy_floor_micro bigint, p_cycle_credits_micro bigint, p_cycle_runs bigint, p_actor text, p_now timestamptz)
returns integer
language plpgsql as $$
declare
  v_account bigint;
  v_accounts integer := 0;
begin
  update plan set name = p_name, negative_limit_micro = p_negative_limit_micro, deploy_floor_micro = p_deploy_floor_micro, cycle_credits_micro = p_cycle_credits_micro, cycle_runs = p_cycle_runs
  where plan_id = p_plan_id;
  if not found then return null; end if;
  for v_account in select account_id from account where plan_id = p_plan_id order by account_id for update loop
    perform after_credit(v_account, p_now);
    insert into audit_log (account_id, at, actor, act, detail)
    values (v_account, p_now, p_actor, 'change_plan', jsonb_build_object('planId', p_plan_id, 'negativeLimitMicro', p_negative_limit_micro::text,
      'deployFloorMicro', p_deploy_floor_micro::text, 'cycleCreditsMicro', p_cycle_credits_micro::text, 'cycleRuns', p_cycle_runs::text));
    v_accounts := v_accounts + 1;
  end loop;
  return v_accounts;
end $$;

-- Puts an account on another plan: its limits at once, its cycle's grant from the next cycle on.
create or replace function assign_plan(p_account bigint, p_plan_id text, p_actor text, p_now timestamptz) returns boolean
language plpgsql as $$
begin
  update account set plan_id = p_plan_id where account_id = p_account;
  if not found then return false; end if;
  insert into audit_log (account_id, at, actor, act, detail) values (p_account, p_now, p_actor, 'assign_plan', jsonb_build_object('planId', p_plan_id));
  perform after_credit(p_account, p_now);
  return true;
end $$;
