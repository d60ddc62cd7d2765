import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apportion } from "./apportion";

const parts = fc.array(fc.bigInt({ min: 0n, max: 10n ** 15n }), { minLength: 1, maxLength: 8 });

describe("figures beside a chart", () => {
  it("add up to the total after rounding (U11)", () => {
    fc.assert(
      fc.property(parts, fc.bigInt({ min: 0n, max: 10n ** 9n }), (amounts, whole) => {
        fc.pre(amounts.some((amount) => amount > 0n));
        expect(apportion(amounts, whole).reduce((sum, share) => sum + share, 0n)).toBe(whole);
      }),
    );
  });

  it("are each within one unit of their exact share (U11)", () => {
    fc.assert(
      fc.property(parts, (amounts) => {
        const total = amounts.reduce((sum, amount) => sum + amount, 0n);
        fc.pre(total > 0n);
        for (const [index, share] of apportion(amounts, 10_000n).entries()) {
          const exactTimesTotal = (amounts[index] ?? 0n) * 10_000n;
          expect(share * total - exactTimesTotal < total && exactTimesTotal - share * total < total).toBe(true);
        }
      }),
    );
  });

  it("three equal parts are 33.34, 33.33 and 33.33 percent (U3)", () => {
    expect(apportion([1n, 1n, 1n], 10_000n)).toEqual([3334n, 3333n, 3333n]);
  });

  it("of nothing are nothing", () => {
    expect(apportion([0n, 0n], 10_000n)).toEqual([0n, 0n]);
  });
});
