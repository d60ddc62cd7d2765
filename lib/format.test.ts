import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCredits } from "@/lib/billing/amount";
import { DEFAULT_PRICE_BOOK } from "@/lib/billing/price-book";
import {
  formatCount,
  formatCredits,
  formatDuration,
  formatHoursMinutes,
  formatInstant,
  formatPercent,
  formatRate,
} from "@/lib/format";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("credits (U3, U11)", () => {
  test.each([
    ["0.00", 0n],
    ["75.00", 75_000_000n],
    ["1,234.50", 1_234_500_000n],
    ["1,000,000,000.00", 1_000_000_000_000_000n],
    ["0.01", 10_000n],
    ["0.01", 5_000n],
    ["< 0.01", 4_999n],
    ["< 0.01", 1n],
    ["> -0.01", -1n],
    ["> -0.01", -4_999n],
    ["-0.01", -5_000n],
    ["-3.25", -3_250_000n],
    ["-1,234.50", -1_234_500_000n],
    ["212.17", 212_165_000n],
    ["212.16", 212_164_999n],
    ["-212.17", -212_165_000n],
    ["1,000.00", 999_995_000n],
    ["999.99", 999_994_999n],
  ])("%s, rounded half away from zero, is written for %s micro-credits", (text, creditsMicro) => {
    expect(formatCredits(creditsMicro)).toBe(text);
  });

  test.each([
    ["212", 212_160_000n, 0],
    ["213", 212_500_000n, 0],
    ["< 1", 499_999n, 0],
    ["> -1", -499_999n, 0],
    ["1", 500_000n, 0],
    ["0.1", 50_000n, 1],
    ["< 0.001", 499n, 3],
    ["0.076980", 76_980n, 6],
    ["0.000001", 1n, 6],
    ["-0.000001", -1n, 6],
  ] as const)("%s with as many decimals as are asked for", (text, creditsMicro, digits) => {
    expect(formatCredits(creditsMicro, digits)).toBe(text);
  });

  test("with six decimals an amount is written exactly, whatever it is (C1)", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (creditsMicro) => {
        expect(parseCredits(formatCredits(creditsMicro, 6).replaceAll(",", ""))).toBe(creditsMicro);
      }),
    );
  });

  test("nothing is written as zero but zero", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -20_000n, max: 20_000n }),
        fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const, 4 as const, 5 as const, 6 as const),
        (creditsMicro, digits) => {
          expect(/^-?[0.]+$/.test(formatCredits(creditsMicro, digits))).toBe(creditsMicro === 0n);
        },
      ),
    );
  });
});

describe("rates: as many decimals as the price has, two at least (P4)", () => {
  test.each([
    ["0.07698", 76_980n],
    ["0.144", 144_000n],
    ["6.00", 6_000_000n],
    ["1.428", 1_428_000n],
    ["24.732", 24_732_000n],
    ["0.50", 500_000n],
    ["0.10", 100_000n],
    ["0.00", 0n],
    ["0.000001", 1n],
    ["1,000.00", 1_000_000_000n],
    ["10.00001", 10_000_010n],
  ])("%s", (text, rateMicro) => {
    expect(formatRate(rateMicro)).toBe(text);
  });

  test("every price of the book is written exactly", () => {
    for (const { creditsPerHourMicro } of DEFAULT_PRICE_BOOK) {
      expect(parseCredits(formatRate(creditsPerHourMicro))).toBe(creditsPerHourMicro);
    }
  });
});

describe("percentages come from exact values (U3)", () => {
  test.each([
    ["70.72 %", 212_160_000n, 300_000_000n],
    ["0.45 %", 45n, 10_000n],
    ["100 %", 300n, 300n],
    ["0 %", 0n, 300n],
    ["50 %", 1n, 2n],
    ["12.5 %", 1n, 8n],
    ["0.05 %", 5n, 10_000n],
    ["10.05 %", 1_005n, 10_000n],
    ["33.33 %", 1n, 3n],
    ["106.67 %", 80_000_000n, 75_000_000n],
    ["1,200 %", 12n, 1n],
    ["-6.67 %", -5_000_000n, 75_000_000n],
    ["-0.5 %", -1n, 200n],
  ])("%s", (text, part, whole) => {
    expect(formatPercent(part, whole)).toBe(text);
  });

  test.each([
    ["< 0.01 %", 1n, 10_000_000n],
    ["> -0.01 %", -1n, 10_000_000n],
    ["0.01 %", 1n, 20_000n],
    ["> 99.99 %", 9_999_999n, 10_000_000n],
    ["99.99 %", 9_999n, 10_000n],
    ["100 %", 10_000_001n, 10_000_000n],
  ])("a little is not nothing, and nearly all is not all: %s", (text, part, whole) => {
    expect(formatPercent(part, whole)).toBe(text);
  });

  test("there is no percentage of nothing", () => {
    expect(formatPercent(0n, 0n)).toBe("–");
    expect(formatPercent(5n, 0n)).toBe("–");
  });
});

test("counts have their thousands separated", () => {
  expect([0, 999, 10_000n, 1_234_567].map(formatCount)).toEqual(["0", "999", "10,000", "1,234,567"]);
});

describe("spans of time, rounded down", () => {
  test.each([
    ["0 s", 0],
    ["0 s", -5 * SECOND],
    ["0 s", 999],
    ["59 s", MINUTE - 1],
    ["1 min", MINUTE],
    ["1 min 20 s", 80 * SECOND],
    ["59 min 59 s", HOUR - 1],
    ["1 h", HOUR + 59 * SECOND],
    ["2 h 5 min", 2 * HOUR + 5 * MINUTE],
    ["23 h 59 min", DAY - 1],
    ["1 d", DAY + 59 * MINUTE],
    ["3 d 4 h", 3 * DAY + 4 * HOUR],
    ["99 d 23 h", 100 * DAY - 1],
    ["100 d", 100 * DAY + 5 * HOUR],
    ["729 d", 730 * DAY - 1],
    ["2 years", 730 * DAY],
    ["1,000 years", 365_000 * DAY],
  ])("%s", (text, ms) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test.each([
    ["0 h 00 min", 0],
    ["0 h 00 min", MINUTE - 1],
    ["12 h 05 min", 12 * HOUR + 5 * MINUTE + 59 * SECOND],
    ["1,234 h 59 min", 1_235 * HOUR - 1],
  ])("running time is %s (U7)", (text, ms) => {
    expect(formatHoursMinutes(ms)).toBe(text);
  });
});

describe("instants, in the account's time zone (U2)", () => {
  const at = new Date("2026-11-24T00:42:05.999Z");
  test.each([
    ["24 Nov 2026, 00:42", "UTC"],
    ["24 Nov 2026, 01:42", "Europe/Berlin"],
    ["23 Nov 2026, 19:42", "America/New_York"],
    ["24 Nov 2026, 06:12", "Asia/Kolkata"],
    ["23 Nov 2026, 21:12", "America/St_Johns"],
    ["24 Nov 2026, 11:42", "Australia/Lord_Howe"],
  ])("%s in %s", (text, timeZone) => {
    expect(formatInstant(at, timeZone)).toBe(text);
  });

  test("with seconds where they are asked for, not rounded up", () => {
    expect(formatInstant(at, "UTC", { seconds: true })).toBe("24 Nov 2026, 00:42:05");
  });

  test("midnight is 00:00 of the new day", () => {
    expect(formatInstant(new Date("2026-03-01T00:00:00Z"), "UTC")).toBe("1 Mar 2026, 00:00");
  });

  test("summer and winter time, before and after the change (Europe/Berlin)", () => {
    expect(formatInstant(new Date("2026-03-29T00:59:00Z"), "Europe/Berlin")).toBe("29 Mar 2026, 01:59");
    expect(formatInstant(new Date("2026-03-29T01:00:00Z"), "Europe/Berlin")).toBe("29 Mar 2026, 03:00");
  });
});
