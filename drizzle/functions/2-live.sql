-- Up to when time counts: now, or 30 s past the platform's last complete observation, whichever is earlier (C5).
create or replace function metered_until(p_now timestamptz) returns timestamptz
language sql stable parallel safe as $$
  select least(p_now, min(observed_at) + interval '30 seconds') from platform_state
$$;

-- The live balances (C6) at an instant that metered_until has bounded: the settled balance less what the unsettled segments owe since. Of
-- all accounts, of a shard's, or of one account of that shard. An unsettled segment has no end, or one after the account's
-- settled_through, so the end need not bound the second term. This is the tick's whole cost, hence: instant and shard are
-- arguments (no call per segment, a single join key), and offset 0 keeps the elapsed times from being worked out once per use.
create or replace function account_live(p_until timestamptz, p_shard smallint, p_account bigint)
returns table (
  account_id bigint, shard smallint, version bigint, live_micro bigint, granted_micro bigint, runs_remaining bigint, runs_granted bigint,
  negative_limit_micro bigint, credits_level smallint, runs_level smallint, arm_generation bigint
)
language sql stable parallel safe as $$
  select a.account_id, a.shard, a.version, a.balance_micro - coalesce(open.micro, 0), a.granted_micro, a.runs_remaining, a.runs_granted,
    p.negative_limit_micro, a.credits_level, a.runs_level, a.arm_generation
  from account a
  join plan p on p.plan_id = a.plan_id
  left join (
    select t.account_id, sum(burned_in(t.rate, t.until_ms) - burned_in(t.rate, t.settled_ms))::bigint as micro
    from (
      select s.account_id, s.rate_micro_per_hour as rate, elapsed_ms(s.started_at, least(p_until, s.ended_at)) as until_ms,
        elapsed_ms(s.started_at, b.settled_through) as settled_ms
      from segment s
      join account b on b.account_id = s.account_id
      where not s.settled and (p_shard is null or (s.shard = p_shard and b.shard = p_shard)) and (p_account is null or s.account_id = p_account)
      offset 0
    ) t
    group by t.account_id
  ) open on open.account_id = a.account_id
  where (p_shard is null or a.shard = p_shard) and (p_account is null or a.account_id = p_account)
$$;
