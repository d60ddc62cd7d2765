import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { basisPoints, MAX_CREDITS_MICRO, parseCredits, parseRuns } from "./amount";

describe("credits as a person writes them (C1)", () => {
  test.each([
    ["25", 25_000_000n],
    ["0", 0n],
    ["-0", 0n],
    ["0.5", 500_000n],
    ["0.07698", 76_980n],
    ["0.000001", 1n],
    ["-0.000001", -1n],
    ["-3.25", -3_250_000n],
    ["007", 7_000_000n],
    ["  12.50 \n", 12_500_000n],
    ["999999999.999999", 999_999_999_999_999n],
    ["1000000000", MAX_CREDITS_MICRO],
    ["-1000000000.000000", -MAX_CREDITS_MICRO],
  ])("%j is read exactly", (text, expected) => {
    expect(parseCredits(text)).toBe(expected);
  });

  test.each([
    ["nothing", ["", " ", "-", ".", "-."]],
    ["words", ["ten", "NaN", "Infinity", "null", "1 credit", "12abc", "abc12"]],
    ["exponents and other bases", ["1e3", "1E3", "1e-3", "0x10", "0b1", "1n", "1_000"]],
    ["half a decimal", [".5", "5.", "-.5"]],
    ["more decimals than a micro-credit has, also if they are zeros", ["0.0000001", "1.0000000", "0.1234567"]],
    ["two signs, a plus, a sign elsewhere", ["--1", "+1", "1-", "- 1", "1.-5"]],
    ["separators", ["1.000.000", "1 000", "1'000", "1,5"]],
    ["a minus that is not the keyboard's", ["−1", "–1"]],
    ["digits of other scripts", ["١٢", "１２", "१२", "𝟙𝟚", "Ⅻ", "½"]],
    [
      "more than a thousand million, by any amount",
      ["1000000000.000001", "1000000001", "-1000000000.000001", "9".repeat(400)],
    ],
    ["several lines", ["1\n2", "25\n-1"]],
  ])("refused, never rounded or guessed: %s", (_, texts) => {
    for (const text of texts) expect([text, parseCredits(text)]).toEqual([text, null]);
  });

  test("every amount within the limits survives being written and read", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -MAX_CREDITS_MICRO, max: MAX_CREDITS_MICRO }), (creditsMicro) => {
        const size = creditsMicro < 0n ? -creditsMicro : creditsMicro;
        const text = `${size / 1_000_000n}.${(size % 1_000_000n).toString().padStart(6, "0")}`;
        expect(parseCredits(creditsMicro < 0n ? `-${text}` : text)).toBe(creditsMicro);
      }),
    );
  });

  test("whatever is typed, only a plain number is read", () => {
    const key = fc.constantFrom(..."00123459..--+eE,x ", "٣", "\u00a0", "\n");
    fc.assert(
      fc.property(fc.string({ unit: key }), (text) => {
        if (parseCredits(text) !== null)
          expect(text.trim()).toMatch(/^-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]{1,6})?$/);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("hundredths of a percent, from exact values (U3)", () => {
  test.each([
    ["212.16 of 300 credits is 70.72 %, though the page writes 212", 212_160_000n, 300_000_000n, 7_072n],
    ["45 of 10,000 runs is 0.45 %", 45n, 10_000n, 45n],
    ["nothing of something", 0n, 300n, 0n],
    ["all of it", 300n, 300n, 10_000n],
    ["more than all", 450n, 300n, 15_000n],
    ["a third, rounded down", 1n, 3n, 3_333n],
    ["two thirds, rounded up", 2n, 3n, 6_667n],
    ["half of a hundredth, rounded away from zero", 1n, 20_000n, 1n],
    ["a little less than half of one", 49_999n, 1_000_000_000n, 0n],
    ["half below zero, rounded away from zero too", -1n, 20_000n, -1n],
    ["a debt", -5_000_000n, 75_000_000n, -667n],
    ["amounts beyond 2^53", 10n ** 15n - 1n, 10n ** 15n, 10_000n],
  ])("%s", (_, part, whole, expected) => {
    expect(basisPoints(part, whole)).toBe(expected);
  });

  test("there is no percentage of nothing", () => {
    expect(basisPoints(1n, 0n)).toBe(null);
    expect(basisPoints(0n, 0n)).toBe(null);
    expect(basisPoints(1n, -1n)).toBe(null);
  });

  test("never further than half a hundredth from the exact value, and symmetric about zero", () => {
    const any = 10n ** 15n;
    fc.assert(
      fc.property(fc.bigInt({ min: -any, max: any }), fc.bigInt({ min: 1n, max: any }), (part, whole) => {
        const points = basisPoints(part, whole) ?? 0n;
        const off = 2n * (points * whole - part * 10_000n);
        expect(off <= whole && off >= -whole).toBe(true);
        expect(basisPoints(-part, whole)).toBe(-points);
      }),
    );
  });
});

test("a comma separates thousands or is refused: it never moves the decimal point (C1)", () => {
  expect(["1,5", "1,50", "12,34,567", ",500", "1,000,00"].map(parseCredits)).toEqual([null, null, null, null, null]);
  expect([parseCredits("1,250.5"), parseRuns("10,000"), parseRuns("1,0"), parseRuns("1.5")]).toEqual([
    1_250_500_000n,
    10_000n,
    null,
    null,
  ]);
});
