import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MS_PER_HOUR } from "@/lib/billing/burn";
import { RANGE_PRESETS, type UsageRange, usageRange } from "@/lib/usage/range";

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "America/St_Johns",
  "America/New_York",
];
const COUNT = { "24h": 24, "7d": 7, "30d": 30, "90d": 90 } as const;

/** How long each bucket is, in hours. */
function hoursOf(range: UsageRange): number[] {
  const edges = [...range.buckets, range.to].map((edge) => edge.getTime());
  return edges.slice(1).map((edge, index) => (edge - (edges[index] ?? 0)) / MS_PER_HOUR);
}
const wallClock = (date: Date, timeZone: string) =>
  new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" }).format(date);
const startsOf = (range: UsageRange) => range.buckets.map((bucket) => wallClock(bucket, range.timeZone));
const range = (preset: (typeof RANGE_PRESETS)[number], timeZone: string, now: string) =>
  usageRange(preset, timeZone, new Date(now));

describe("in every zone and at every instant (U2)", () => {
  const cases = [
    fc.constantFrom(...RANGE_PRESETS),
    fc.constantFrom(...ZONES),
    fc.oneof(
      fc.date({ min: new Date("2025-01-01T00:00:00Z"), max: new Date("2028-01-01T00:00:00Z"), noInvalidDate: true }),
      // On the stroke of a quarter, where hours and days of all zones begin.
      fc.integer({ min: 0, max: 105_000 }).map((quarter) => new Date(Date.UTC(2025, 0, 1) + quarter * 900_000)),
    ),
  ] as const;

  test("there are as many buckets as the preset says, in rising order, from the first to now", () => {
    fc.assert(
      fc.property(...cases, (preset, timeZone, now) => {
        const made = usageRange(preset, timeZone, now);
        expect(made.buckets).toHaveLength(COUNT[preset]);
        expect(made.from).toEqual(made.buckets[0]);
        expect(made.to).toEqual(now);
        expect(Math.min(...hoursOf(made))).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  test("days begin with the account's own calendar day, one after the other", () => {
    fc.assert(
      fc.property(...cases, (preset, timeZone, now) => {
        fc.pre(preset !== "24h");
        const starts = startsOf(usageRange(preset, timeZone, now));
        const days = starts.map((start) => start.slice(0, 10));
        for (const start of starts) expect(start).toMatch(/ 00:00:00$/);
        expect(days.at(-1)).toBe(wallClock(new Date(now.getTime() - 1), timeZone).slice(0, 10));
        const numbers = days.map((day) => Date.parse(day) / 86_400_000);
        expect(numbers.map((number) => number - (numbers[0] ?? 0))).toEqual(days.map((_, index) => index));
      }),
      { numRuns: 200 },
    );
  });

  test("all hours but the current one are an hour long, and the current one begins with the wall clock's", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), cases[2], (timeZone, now) => {
        const made = usageRange("24h", timeZone, now);
        expect(hoursOf(made).slice(0, -1)).toEqual(new Array(23).fill(1));
        expect(startsOf(made).at(-1)).toMatch(/:00:00$/);
      }),
    );
  });
});

describe("days on which the clocks change (U2)", () => {
  test.each([
    ["Europe/Berlin, spring: 23 hours", "Europe/Berlin", "2026-03-31T12:00:00Z", "2026-03-29", 23],
    ["Europe/Berlin, autumn: 25 hours", "Europe/Berlin", "2026-10-27T12:00:00Z", "2026-10-25", 25],
    ["Australia/Lord_Howe, spring: 23.5 hours", "Australia/Lord_Howe", "2026-10-06T12:00:00Z", "2026-10-04", 23.5],
    ["Australia/Lord_Howe, autumn: 24.5 hours", "Australia/Lord_Howe", "2026-04-07T12:00:00Z", "2026-04-05", 24.5],
    ["America/St_Johns, spring: 23 hours", "America/St_Johns", "2026-03-10T12:00:00Z", "2026-03-08", 23],
    ["America/St_Johns, autumn: 25 hours", "America/St_Johns", "2026-11-03T12:00:00Z", "2026-11-01", 25],
  ])("%s", (_, timeZone, now, day, hours) => {
    const made = range("7d", timeZone, now);
    const index = startsOf(made).indexOf(`${day} 00:00:00`);
    expect(hoursOf(made)[index]).toBe(hours);
    const others = hoursOf(made)
      .slice(0, -1)
      .filter((_hours, other) => other !== index);
    expect(others).toEqual(new Array(5).fill(24));
  });

  test("a day that begins at one o'clock begins there (Africa/Cairo skips midnight)", () => {
    const made = range("7d", "Africa/Cairo", "2026-04-25T12:00:00Z");
    expect(startsOf(made).slice(-3)).toEqual(["2026-04-23 00:00:00", "2026-04-24 01:00:00", "2026-04-25 00:00:00"]);
    expect(hoursOf(made).slice(-3, -1)).toEqual([24, 23]);
  });

  test("24 hours across the autumn change are 24 hours, two of which say two o'clock", () => {
    const made = range("24h", "Europe/Berlin", "2026-10-25T04:30:00Z");
    expect(
      startsOf(made)
        .slice(-5)
        .map((start) => start.slice(11, 16)),
    ).toEqual(["02:00", "02:00", "03:00", "04:00", "05:00"]);
    expect(made.buckets).toHaveLength(24);
  });

  test("24 hours across the spring change are 24 hours, none of which says two o'clock", () => {
    const made = range("24h", "Europe/Berlin", "2026-03-29T04:30:00Z");
    expect(
      startsOf(made)
        .slice(-5)
        .map((start) => start.slice(11, 16)),
    ).toEqual(["01:00", "03:00", "04:00", "05:00", "06:00"]);
  });
});

describe("zones that are half an hour off (U2)", () => {
  test.each([
    ["Asia/Kolkata", "2026-11-24T06:12:00Z", "2026-11-24T05:30:00.000Z", "2026-11-23T18:30:00.000Z"],
    ["Asia/Kathmandu", "2026-11-24T06:12:00Z", "2026-11-24T05:15:00.000Z", "2026-11-23T18:15:00.000Z"],
    ["America/St_Johns", "2026-11-24T06:12:00Z", "2026-11-24T05:30:00.000Z", "2026-11-24T03:30:00.000Z"],
    ["Australia/Lord_Howe", "2026-06-24T06:12:00Z", "2026-06-24T05:30:00.000Z", "2026-06-23T13:30:00.000Z"],
  ])("%s: hours and days begin with its wall clock's", (timeZone, now, hour, day) => {
    expect(range("24h", timeZone, now).buckets.at(-1)?.toISOString()).toBe(hour);
    expect(range("7d", timeZone, now).buckets.at(-1)?.toISOString()).toBe(day);
  });
});

describe("on the stroke", () => {
  test("of an hour, the last bucket is the full hour before: none is empty of time", () => {
    const made = range("24h", "Europe/Berlin", "2026-06-24T10:00:00Z");
    expect([made.from.toISOString(), made.buckets.at(-1)?.toISOString()]).toEqual([
      "2026-06-23T10:00:00.000Z",
      "2026-06-24T09:00:00.000Z",
    ]);
    expect(hoursOf(made)).toEqual(new Array(24).fill(1));
  });

  test("of midnight, the last bucket is the full day before; a millisecond later it is the new day", () => {
    expect(startsOf(range("7d", "Europe/Berlin", "2026-06-23T22:00:00.000Z")).at(-1)).toBe("2026-06-23 00:00:00");
    expect(startsOf(range("7d", "Europe/Berlin", "2026-06-23T22:00:00.001Z")).at(-1)).toBe("2026-06-24 00:00:00");
  });
});

test("longer ranges are cut by the day, 24 hours by the hour (U2)", () => {
  const units = RANGE_PRESETS.map((preset) => range(preset, "UTC", "2026-06-24T10:10:00Z").unit);
  expect(units).toEqual(["hour", "day", "day", "day"]);
});
