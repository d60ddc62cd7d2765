import { expect, test } from "vitest";
import { anchorDayOf, cycleAt } from "./cycle";

const iso = (cycle: { startMs: number; endMs: number }) => [
  new Date(cycle.startMs).toISOString(),
  new Date(cycle.endMs).toISOString(),
];

test.each([
  ["on its first instant", 15, "UTC", "2026-03-15T00:00:00Z", "2026-03-15T00:00:00.000Z", "2026-04-15T00:00:00.000Z"],
  [
    "a millisecond before",
    15,
    "UTC",
    "2026-03-14T23:59:59.999Z",
    "2026-02-15T00:00:00.000Z",
    "2026-03-15T00:00:00.000Z",
  ],
  [
    "an anchor of the 31st in February",
    31,
    "UTC",
    "2026-02-28T12:00:00Z",
    "2026-02-28T00:00:00.000Z",
    "2026-03-31T00:00:00.000Z",
  ],
  [
    "an anchor of the 31st in a leap year",
    31,
    "UTC",
    "2028-02-29T12:00:00Z",
    "2028-02-29T00:00:00.000Z",
    "2028-03-31T00:00:00.000Z",
  ],
  [
    "an anchor of the 31st in April",
    31,
    "UTC",
    "2026-04-29T12:00:00Z",
    "2026-03-31T00:00:00.000Z",
    "2026-04-30T00:00:00.000Z",
  ],
  [
    "across the start of summer time",
    1,
    "Europe/Berlin",
    "2026-03-20T12:00:00Z",
    "2026-02-28T23:00:00.000Z",
    "2026-03-31T22:00:00.000Z",
  ],
  [
    "across the year",
    10,
    "Asia/Kolkata",
    "2026-12-31T20:00:00Z",
    "2026-12-09T18:30:00.000Z",
    "2027-01-09T18:30:00.000Z",
  ],
])("a billing cycle begins on the anchor day at midnight of the account: %s (A9)", (_, day, zone, at, start, end) => {
  expect(iso(cycleAt(day, zone, Date.parse(at)))).toEqual([start, end]);
});

test("cycles follow each other without gap or overlap for ten years, in every anchor (A9)", () => {
  for (const zone of ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"]) {
    for (const day of [1, 28, 29, 30, 31]) {
      let cycle = cycleAt(day, zone, Date.parse("2024-01-15T00:00:00Z"));
      for (let month = 0; month < 120; month++) {
        const next = cycleAt(day, zone, cycle.endMs);
        expect(next.startMs).toBe(cycle.endMs);
        cycle = next;
      }
    }
  }
});

test("an account's anchor is the day on which it was opened, where it is (A9)", () => {
  expect(anchorDayOf("Asia/Kolkata", Date.parse("2026-03-14T20:00:00Z"))).toBe(15);
});
