import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { burnedMicro, MS_PER_HOUR, owedMicro, runningMs } from "@/lib/billing/burn";
import { creditsLevel, runsLevel } from "@/lib/billing/thresholds";
import { type OpenDatabase, openDatabase } from "@/lib/db/client";
import { instant, json, micro, rows } from "@/lib/db/rows";
import { EPOCH_MS, instantsMs, MAX_RATE_MICRO_PER_HOUR, ratesMicroPerHour, segments } from "@/test/arbitraries";
import { createTestDatabase, type TestDatabase } from "@/test/database";

/** Random cases go to the database in one statement each: what is compared is arithmetic, not round trips. */
const CASES = 4_000;
const CENTURY_MS = 100 * 365 * 24 * MS_PER_HOUR;
const MOST = 10n ** 15n;

let database: TestDatabase;
let opened: OpenDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  opened = openDatabase(database.url, { max: 1 });
});
afterAll(async () => {
  await opened?.close();
  await database?.drop();
});

const sample = <Case>(arbitrary: fc.Arbitrary<Case>) => fc.sample(arbitrary, CASES);
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
/** Both sides as one list of text, with the inputs beside them, so that a difference shows its case. */
const beside = (inputs: unknown[], results: unknown[]) =>
  inputs.map((input, index) => `${JSON.stringify(input)} → ${String(results[index])}`);

const farInstantsMs = fc.oneof(
  instantsMs(),
  fc.integer({ min: EPOCH_MS - CENTURY_MS, max: EPOCH_MS + CENTURY_MS }),
  fc.constantFrom(0, -1, 1, EPOCH_MS, Date.UTC(2000, 0, 1), Date.UTC(2000, 0, 1) - 1, EPOCH_MS + CENTURY_MS),
);
const amounts = fc.oneof(
  fc.bigInt({ min: -20n, max: 120n }),
  fc.bigInt({ min: -MOST, max: MOST }),
  fc.constantFrom(0n, 1n, -1n, MOST, -MOST),
);

describe("the database reckons as lib/billing does, to the micro-credit (C2, N4)", () => {
  test("burned: any rate, any two instants, also over a century at the highest rate", async () => {
    const cases = [
      ...sample(fc.record({ rate: ratesMicroPerHour, a: farInstantsMs, b: farInstantsMs })),
      { rate: MAX_RATE_MICRO_PER_HOUR, a: EPOCH_MS, b: EPOCH_MS + CENTURY_MS },
      { rate: MAX_RATE_MICRO_PER_HOUR, a: EPOCH_MS, b: EPOCH_MS + CENTURY_MS - 1 },
    ];
    const input = cases.map(({ rate, a, b }) => ({ rate: rate.toString(), a: iso(a), b: iso(b) }));
    const found = await rows(
      opened.db,
      z.object({ result: micro }),
      sql`select engine.burned(c.rate, c.a, c.b) as result
        from rows from (jsonb_to_recordset(${json(input)}) as (rate bigint, a timestamptz, b timestamptz)) with ordinality as c(rate, a, b, n) order by n`,
    );
    const expected = cases.map(({ rate, a, b }) => burnedMicro(rate, a, b));
    expect(
      beside(
        input,
        found.map(({ result }) => result),
      ),
    ).toEqual(beside(input, expected));
  });

  test("owed and running time: open and ended intervals, any window", async () => {
    const cases = sample(fc.record({ segment: segments, window: fc.tuple(farInstantsMs, farInstantsMs) })).map(
      ({ segment, window }) => ({ segment, from: Math.min(...window), to: Math.max(...window) }),
    );
    const input = cases.map(({ segment, from, to }) => ({
      rate: segment.rateMicroPerHour.toString(),
      started: iso(segment.startedAtMs),
      ended: iso(segment.endedAtMs),
      from: iso(from),
      to: iso(to),
    }));
    const found = await rows(
      opened.db,
      z.object({ owed: micro, running: micro }),
      sql`select engine.owed(c.rate, c.started, c.ended, c."from", c."to") as owed, engine.running_ms(c.started, c.ended, c."from", c."to") as running
        from rows from (jsonb_to_recordset(${json(input)}) as (rate bigint, started timestamptz, ended timestamptz, "from" timestamptz, "to" timestamptz))
          with ordinality as c(rate, started, ended, "from", "to", n) order by n`,
    );
    const owed = cases.map(({ segment, from, to }) => owedMicro(segment, from, to));
    const running = cases.map(({ segment, from, to }) => runningMs(segment, from, to));
    expect(
      beside(
        input,
        found.map((row) => row.owed),
      ),
    ).toEqual(beside(input, owed));
    expect(
      beside(
        input,
        found.map((row) => row.running),
      ),
    ).toEqual(beside(input, running));
  });

  test("levels of credits and of runs: at, under and over every edge, with nothing granted, in debt", async () => {
    const random = sample(
      fc.record({
        remaining: amounts,
        granted: amounts.map((n) => (n < 0n ? -n : n)),
        limit: amounts.map((n) => (n < 0n ? -n : n)),
      }),
    );
    const edges = [75_000_000n, 10_000n, 7n, 1n, 0n, MOST].flatMap((granted) =>
      [0n, 50n, 70n, 80n, 90n, 100n, 107n].flatMap((percent) =>
        [-1n, 0n, 1n].map((off) => ({
          remaining: granted - (percent * granted) / 100n + off,
          granted,
          limit: (granted * 7n) / 100n,
        })),
      ),
    );
    const cases = [...random, ...edges];
    const input = cases.map(({ remaining, granted, limit }) => ({
      remaining: remaining.toString(),
      granted: granted.toString(),
      limit: limit.toString(),
    }));
    const found = await rows(
      opened.db,
      z.object({ credits: z.number(), runs: z.number() }),
      sql`select engine.credits_level(c.remaining, c.granted, c."limit") as credits, engine.runs_level(c.remaining, c.granted) as runs
        from rows from (jsonb_to_recordset(${json(input)}) as (remaining bigint, granted bigint, "limit" bigint))
          with ordinality as c(remaining, granted, "limit", n) order by n`,
    );
    const credits = cases.map(({ remaining, granted, limit }) => creditsLevel(remaining, granted, limit));
    const runs = cases.map(({ remaining, granted }) => runsLevel(remaining, granted));
    expect(
      beside(
        input,
        found.map((row) => row.credits),
      ),
    ).toEqual(beside(input, credits));
    expect(
      beside(
        input,
        found.map((row) => row.runs),
      ),
    ).toEqual(beside(input, runs));
    expect(new Set(credits)).toEqual(new Set([0, 50, 70, 80, 90, 100, 127]));
  });

  test("the hour of an instant is the UTC hour, whatever the session's time zone (U2)", async () => {
    const cases = sample(farInstantsMs);
    const input = cases.map(iso);
    for (const zone of ["Asia/Kolkata", "America/St_Johns", "UTC"]) {
      const found = await rows(
        opened.db,
        z.object({ hour: instant }),
        sql`select to_char(engine.hour_of(at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS+00') as hour
          from (select set_config('TimeZone', ${zone}, false)) as zone,
            jsonb_array_elements_text(${json(input)}) with ordinality as c(at_text, n), lateral (select at_text::timestamptz as at) as given order by n`,
      );
      const expected = cases.map((ms) => iso(Math.floor(ms / MS_PER_HOUR) * MS_PER_HOUR));
      expect(
        beside(
          input,
          found.map(({ hour }) => hour.toISOString()),
        ),
      ).toEqual(beside(input, expected));
    }
  });
});
