-- Opens an account with its first grant (A1). Its running time counts from the hour in which it was made.
create or replace function open_account(
  p_public_id text, p_name text, p_time_zone text, p_plan_id text, p_shards integer, p_credits_micro bigint, p_runs bigint, p_actor text, p_now timestamptz
) returns bigint
language plpgsql as $$
declare v_account bigint;
begin
  insert into account (public_id, name, time_zone, plan_id, shard, settled_through, created_at)
  values (p_public_id, p_name, p_time_zone, p_plan_id, 0, hour_of(p_now), p_now) returning account_id into v_account;
  update account set shard = (v_account % p_shards)::smallint where account_id = v_account;
  if p_credits_micro > 0 or p_runs > 0 then
    perform grant_credit(v_account, 'free', p_credits_micro, p_runs, null, 'Welcome to your new account', p_actor, 'opening', p_now);
  end if;
  return v_account;
end $$;

-- Adds credits or runs (A3), idempotent by reference. In the same transaction: levels are set to what they are now, and if one
-- fell the alerts above it are armed again (N5); with the balance above the negative limit the account is open again, and
-- stops that nobody has begun to carry out are taken back (E6). Returns the number of stops taken back, or null when the
-- reference was there already.
create or replace function grant_credit(
  p_account bigint, p_kind text, p_credits_micro bigint, p_runs bigint, p_expires_at timestamptz, p_reason text, p_actor text, p_ref text, p_now timestamptz
) returns integer
language plpgsql set plan_cache_mode = force_custom_plan as $$
declare
  v account;
  v_live record;
  v_credits_level smallint;
  v_runs_level smallint;
  v_cancelled integer := 0;
begin
  select * into v from account where account_id = p_account for update;
  if not found then raise exception 'no account %', p_account using errcode = 'no_data_found'; end if;
  perform 1 from ledger where account_id = p_account and ref = p_ref;
  if found then return null; end if;

  update account set balance_micro = balance_micro + p_credits_micro, granted_micro = granted_micro + p_credits_micro,
    runs_remaining = runs_remaining + p_runs, runs_granted = runs_granted + p_runs, ledger_seq = ledger_seq + 1, version = version + 1
  where account_id = p_account returning * into v;
  insert into ledger (account_id, seq, kind, credits_micro, runs, balance_after_micro, runs_after, at, ref, actor, reason)
  values (p_account, v.ledger_seq, 'grant', p_credits_micro, p_runs, v.balance_micro, v.runs_remaining, p_now, p_ref, p_actor, p_reason);
  insert into credit_grant (account_id, kind, credits_micro, runs, in_force_from, expires_at, reason, actor, ledger_seq)
  values (p_account, p_kind, p_credits_micro, p_runs, p_now, p_expires_at, p_reason, p_actor, v.ledger_seq);

  select * into v_live from account_live(p_now) where account_id = p_account;
  v_credits_level := least(v.credits_level, credits_level(v_live.live_micro, v_live.granted_micro, v_live.negative_limit_micro));
  v_runs_level := least(v.runs_level, runs_level(v_live.runs_remaining, v_live.runs_granted));
  update account set credits_level = v_credits_level, runs_level = v_runs_level,
    arm_generation = arm_generation + (v_credits_level < v.credits_level or v_runs_level < v.runs_level)::int,
    closed_at = case when v_credits_level < 127 then null else closed_at end
  where account_id = p_account;

  if v_credits_level < 127 then
    with taken_back as (
      update stop_order set state = 'cancelled', cancelled_at = p_now
      where account_id = p_account and reason = 'limit' and state = 'requested' returning deployment_id
    )
    update deployment d set wanted = 'running', status = case when d.deployed_at is null then 'deploying' else 'deployed' end, applied_at = null
    from taken_back t where d.account_id = p_account and d.deployment_id = t.deployment_id;
    get diagnostics v_cancelled = row_count;
  end if;
  insert into audit_log (account_id, at, actor, act, detail)
  values (p_account, p_now, p_actor, 'grant', jsonb_build_object('kind', p_kind, 'creditsMicro', p_credits_micro::text, 'runs', p_runs::text,
    'reason', p_reason, 'ref', p_ref, 'stopsCancelled', v_cancelled));
  return v_cancelled;
end $$;
