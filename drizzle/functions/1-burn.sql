-- The arithmetic of lib/billing/burn.ts and thresholds.ts, for statements that touch many rows. A property test holds the two together.

-- floor(rate * ms / 3600000), as whole hours and the rest: the same integer, without overflow on long intervals. (C2)
create or replace function burned(rate bigint, a timestamptz, b timestamptz) returns bigint
language sql immutable parallel safe as $$
  select case when b > a
    then rate * ((date_part('epoch', b - a) * 1000)::bigint / 3600000) + rate * ((date_part('epoch', b - a) * 1000)::bigint % 3600000) / 3600000
    else 0 end
$$;

-- What a segment owes for [p_from, p_to). An open end is null; least() passes over it.
create or replace function owed(rate bigint, started_at timestamptz, ended_at timestamptz, p_from timestamptz, p_to timestamptz) returns bigint
language sql immutable parallel safe as $$
  select burned(rate, started_at, least(p_to, ended_at)) - burned(rate, started_at, least(p_from, ended_at))
$$;

create or replace function running_ms(started_at timestamptz, ended_at timestamptz, p_from timestamptz, p_to timestamptz) returns bigint
language sql immutable parallel safe as $$
  select greatest(0, (date_part('epoch', least(p_to, ended_at) - greatest(p_from, started_at)) * 1000)::bigint)
$$;

create or replace function runs_level(remaining bigint, granted bigint) returns smallint
language sql immutable parallel safe as $$
  select (case when remaining <= 0 then 100
    when (granted - remaining) * 100 >= 90 * granted then 90
    when (granted - remaining) * 100 >= 80 * granted then 80
    when (granted - remaining) * 100 >= 70 * granted then 70
    when (granted - remaining) * 100 >= 50 * granted then 50
    else 0 end)::smallint
$$;

create or replace function credits_level(remaining bigint, granted bigint, negative_limit bigint) returns smallint
language sql immutable parallel safe as $$
  select case when remaining <= -negative_limit then 127::smallint else runs_level(remaining, granted) end
$$;

create or replace function hour_of(at timestamptz) returns timestamptz
language sql immutable parallel safe as $$
  select date_bin('1 hour', at, timestamptz '2000-01-01 00:00:00+00')
$$;
