-- Up to when time counts: now, or 30 s past the platform's last complete observation, whichever is earlier (C5).
create or replace function metered_until(p_now timestamptz) returns timestamptz
language sql stable parallel safe as $$
  select least(p_now, min(observed_at) + interval '30 seconds') from platform_state
$$;

-- The live balance of accounts (C6): settled balance less what the unsettled segments owe since. An unsettled segment has no
-- end, or one after the account's settled_through, so the end need not bound the second term.
create or replace function account_live(p_now timestamptz)
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
    select s.account_id, s.shard,
      sum(burned(s.rate_micro_per_hour, s.started_at, least(u.until, s.ended_at))
        - burned(s.rate_micro_per_hour, s.started_at, b.settled_through))::bigint as micro
    from segment s
    join account b on b.account_id = s.account_id
    cross join (select metered_until(p_now) as until) u
    where not s.settled
    group by s.account_id, s.shard
  ) open on open.account_id = a.account_id and open.shard = a.shard
$$;
