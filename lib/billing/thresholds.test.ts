import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BANNER_THRESHOLDS,
  bannerThreshold,
  creditsLevel,
  exhaustedTo,
  LEVEL_LIMIT,
  LEVEL_USED_UP,
  LEVELS,
  levelsCrossed,
  remainingState,
  runsLevel,
} from "./thresholds";

const GRANTED = 75_000_000n;
const LIMIT = 5_000_000n;
const amounts = fc.oneof(fc.bigInt({ min: 1n, max: 1_000n }), fc.bigInt({ min: 1n, max: 10n ** 15n }));
/** The least whole amount that is `percent` % of granted or more. */
const edgeOf = (percent: number, granted: bigint) => (BigInt(percent) * granted + 99n) / 100n;

describe("thresholds of exhaustion are exact, to the micro-credit (N1, N4)", () => {
  test.each([
    [50, 0],
    [70, 50],
    [80, 70],
    [90, 80],
  ] as const)("level %i is not reached one micro-credit under, and is at the edge and over", (percent, below) => {
    const remaining = GRANTED - edgeOf(percent, GRANTED);
    expect(creditsLevel(remaining + 1n, GRANTED, LIMIT)).toBe(below);
    expect(creditsLevel(remaining, GRANTED, LIMIT)).toBe(percent);
    expect(creditsLevel(remaining - 1n, GRANTED, LIMIT)).toBe(percent);
  });

  test("used up begins at nothing remaining, the limit at exactly the limit below zero (A6)", () => {
    expect(creditsLevel(1n, GRANTED, LIMIT)).toBe(90);
    expect(creditsLevel(0n, GRANTED, LIMIT)).toBe(LEVEL_USED_UP);
    expect(creditsLevel(-1n, GRANTED, LIMIT)).toBe(LEVEL_USED_UP);
    expect(creditsLevel(-LIMIT + 1n, GRANTED, LIMIT)).toBe(LEVEL_USED_UP);
    expect(creditsLevel(-LIMIT, GRANTED, LIMIT)).toBe(LEVEL_LIMIT);
    expect(creditsLevel(-LIMIT - 1n, GRANTED, LIMIT)).toBe(LEVEL_LIMIT);
  });

  test("without any negative limit, used up is the limit (A6)", () => {
    expect(creditsLevel(1n, GRANTED, 0n)).toBe(90);
    expect(creditsLevel(0n, GRANTED, 0n)).toBe(LEVEL_LIMIT);
  });

  test.each([
    [20, null],
    [50, 20],
    [70, 50],
    [80, 70],
    [90, 80],
  ] as const)("the banner of %i %% shows at the edge and not one micro-credit before it (N1)", (percent, below) => {
    const remaining = GRANTED - edgeOf(percent, GRANTED);
    expect(bannerThreshold(remaining + 1n, GRANTED)).toBe(below);
    expect(bannerThreshold(remaining, GRANTED)).toBe(percent);
    expect(bannerThreshold(remaining - 1n, GRANTED)).toBe(percent);
  });

  test("the last banner is for nothing remaining, or less (N2)", () => {
    expect(bannerThreshold(1n, GRANTED)).toBe(90);
    expect(bannerThreshold(0n, GRANTED)).toBe(LEVEL_USED_UP);
    expect(bannerThreshold(-LIMIT, GRANTED)).toBe(LEVEL_USED_UP);
  });

  test("the edge is where used × 100 ≥ percent × granted, also where the grant is not divisible", () => {
    fc.assert(
      fc.property(amounts, fc.constantFrom(20, 50, 70, 80, 90, 100), (granted, percent) => {
        const edge = edgeOf(percent, granted);
        expect(exhaustedTo(percent, edge, granted)).toBe(true);
        expect(exhaustedTo(percent, edge - 1n, granted)).toBe(false);
      }),
    );
  });

  test("runs and credits above zero have the same level", () => {
    fc.assert(
      fc.property(amounts, amounts, amounts, (remaining, granted, limit) => {
        expect(creditsLevel(remaining, granted, limit)).toBe(runsLevel(remaining, granted));
      }),
    );
  });

  test("45 of 10,000 runs is no level, 9,000 is 90, the last one used up (U3)", () => {
    expect(runsLevel(9_955n, 10_000n)).toBe(0);
    expect(runsLevel(1_000n, 10_000n)).toBe(90);
    expect(runsLevel(1n, 10_000n)).toBe(90);
    expect(runsLevel(0n, 10_000n)).toBe(LEVEL_USED_UP);
  });

  test("less remaining never means a lower level or banner (N5)", () => {
    fc.assert(
      fc.property(amounts, fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), amounts, (granted, remaining, less) => {
        const level = (left: bigint) => creditsLevel(left, granted, LIMIT);
        expect(level(remaining - less)).toBeGreaterThanOrEqual(level(remaining));
        expect(bannerThreshold(remaining - less, granted) ?? 0).toBeGreaterThanOrEqual(
          bannerThreshold(remaining, granted) ?? 0,
        );
      }),
    );
  });
});

describe("nothing granted, and more than granted", () => {
  test("an account with no grant at all has used all of it (N1)", () => {
    for (const percent of [...BANNER_THRESHOLDS, 100]) expect(exhaustedTo(percent, 0n, 0n)).toBe(true);
    expect(creditsLevel(0n, 0n, LIMIT)).toBe(LEVEL_USED_UP);
    expect(runsLevel(0n, 0n)).toBe(LEVEL_USED_UP);
    expect(bannerThreshold(0n, 0n)).toBe(LEVEL_USED_UP);
    expect(remainingState(0n, 0n)).toBe("none");
  });

  test("more remaining than was granted is no exhaustion (C8)", () => {
    expect(creditsLevel(GRANTED + 1n, GRANTED, LIMIT)).toBe(0);
    expect(bannerThreshold(1n, 0n)).toBe(null);
    expect(remainingState(GRANTED + 1n, GRANTED)).toBe("plenty");
  });
});

describe("crossings (N5)", () => {
  test("several levels crossed at once are all named, the highest last", () => {
    expect(levelsCrossed(0, 90)).toEqual([50, 70, 80, 90]);
    expect(levelsCrossed(50, LEVEL_LIMIT)).toEqual([70, 80, 90, 100, 127]);
    expect(levelsCrossed(LEVEL_USED_UP, LEVEL_LIMIT)).toEqual([127]);
  });

  test("no level is crossed by standing still or by going down", () => {
    for (const before of LEVELS) {
      for (const after of LEVELS.filter((level) => level <= before)) expect(levelsCrossed(before, after)).toEqual([]);
    }
  });

  test("going up in any steps crosses each level once", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...LEVELS), { minLength: 1 }), (levels) => {
        const rising = [...levels].sort((a, b) => a - b);
        const crossed = rising.flatMap((level, index) => levelsCrossed(rising[index - 1] ?? 0, level));
        expect(crossed).toEqual(levelsCrossed(0, rising.at(-1) ?? 0));
      }),
    );
  });
});

describe("the quick check's state (Q2)", () => {
  const THREE_QUARTERS = 56_250_000n;
  const A_QUARTER = 18_750_000n;
  test.each([
    ["one micro-credit over 75 % is plenty (green)", THREE_QUARTERS + 1n, "plenty"],
    ["exactly 75 % is some (amber)", THREE_QUARTERS, "some"],
    ["one micro-credit under 75 % is some (amber)", THREE_QUARTERS - 1n, "some"],
    ["one micro-credit over 25 % is some (amber)", A_QUARTER + 1n, "some"],
    ["exactly 25 % is some (amber)", A_QUARTER, "some"],
    ["one micro-credit under 25 % is little (red)", A_QUARTER - 1n, "little"],
    ["the last micro-credit is little (red)", 1n, "little"],
    ["nothing is none (a warning)", 0n, "none"],
    ["a debt is none (a warning)", -1n, "none"],
    ["all of it is plenty (green)", GRANTED, "plenty"],
  ] as const)("%s", (_, remaining, expected) => {
    expect(remainingState(remaining, GRANTED)).toBe(expected);
  });

  test("the edges are exact where a quarter is no whole number", () => {
    expect(remainingState(3n, 3n)).toBe("plenty");
    expect(remainingState(2n, 3n)).toBe("some");
    expect(remainingState(1n, 3n)).toBe("some");
    expect(remainingState(1n, 5n)).toBe("little");
  });
});
