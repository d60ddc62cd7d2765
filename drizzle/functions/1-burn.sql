-- The arithmetic of lib/billing/burn.ts and thresholds.ts, for statements that touch many rows. A property test holds the two together.

-- Milliseconds from a to b. The range type's own difference, in seconds, is the cheapest one that PostgreSQL has: it makes no interval and
-- parses no unit, and the tick works it out twice per segment.
create or replace function elapsed_ms(a timestamptz, b timestamptz) returns bigint
language sql immutable parallel safe as $$
  select (tstzrange_subdiff(b, a) * 1000)::bigint
$$;

-- floor(rate * ms / 3600000), as whole hours and the rest: the same integer, without overflow on long intervals. (C2)
create or replace function burned_in(rate bigint, ms bigint) returns bigint
language sql immutable parallel safe as $$
  select case when ms > 0 then rate * (ms / 3600000) + rate * (ms % 3600000) / 3600000 else 0 end
$$;

create or replace function burned(rate bigint, a timestamptz, b timestamptz) returns bigint
language sql immutable parallel safe as $$
  select burned_in(rate, elapsed_ms(a, b))
$$;

-- What a segment owes for [p_from, p_to). An open end is null; least() passes over it.
create or replace function owed(rate bigint, started_at timestamptz, ended_at timestamptz, p_from timestamptz, p_to timestamptz) returns bigint
language sql immutable parallel safe as $$
  select burned(rate, started_at, least(p_to, ended_at)) - burned(rate, started_at, least(p_from, ended_at))
$$;

create or replace function running_ms(started_at timestamptz, ended_at timestamptz, p_from timestamptz, p_to timestamptz) returns bigint
language sql immutable parallel safe as $$
  select greatest(0, elapsed_ms(greatest(p_from, started_at), least(p_to, ended_at)))
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
