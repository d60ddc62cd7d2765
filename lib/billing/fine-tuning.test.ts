import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fineTuningCharge, SIZE_CLASSES, TOKENS_PER_HOUR } from "./fine-tuning";
import { DEFAULT_PRICE_BOOK } from "./price-book";

const A100 = 6_000_000n;
const HOUR = 3_600_000;

describe("a job that reports its GPU time (P2)", () => {
  test("costs hours × price, rounded down to whole micro-credits", () => {
    expect(fineTuningCharge({ basis: "reported", gpuMs: 2.5 * HOUR }, A100)?.creditsMicro).toBe(15_000_000n);
    expect(fineTuningCharge({ basis: "reported", gpuMs: 1 }, A100)?.creditsMicro).toBe(1n);
    expect(fineTuningCharge({ basis: "reported", gpuMs: 1 }, 1_428_000n)?.creditsMicro).toBe(0n);
    expect(fineTuningCharge({ basis: "reported", gpuMs: 0 }, A100)?.creditsMicro).toBe(0n);
  });
});

describe("a job that does not (P2)", () => {
  const job = { basis: "estimated", trainingTokens: 9_000_000n, epochs: 3, sizeClass: "medium" } as const;

  test("is estimated from tokens × epochs ÷ tokens per hour of its size on that hardware", () => {
    const charge = fineTuningCharge({ ...job, profileId: "model-a10x1" }, 2_118_000n);
    expect(charge).toMatchObject({ gpuMs: 9 * HOUR, creditsMicro: 19_062_000n });
    expect(charge?.formula).toBe("training tokens × epochs ÷ tokens per hour × credits per hour");
  });

  test("is not estimated on hardware that its size does not train on", () => {
    expect(fineTuningCharge({ ...job, profileId: "model-t4x1" }, 1_428_000n)).toBeNull();
    expect(fineTuningCharge({ ...job, profileId: "unknown" }, 1_428_000n)).toBeNull();
  });

  test("takes the next whole millisecond, so that a part of one is never free time", () => {
    const one = { ...job, trainingTokens: 1n, epochs: 1, profileId: "model-a10x1" };
    expect(fineTuningCharge(one, 2_118_000n)?.gpuMs).toBe(2);
  });

  test("more tokens, epochs or a higher price never cost less", () => {
    const jobs = fc.record({
      trainingTokens: fc.bigInt({ min: 1n, max: 10n ** 15n }),
      epochs: fc.integer({ min: 1, max: 100 }),
      more: fc.bigInt({ min: 0n, max: 10n ** 9n }),
      rate: fc.bigInt({ min: 0n, max: 10n ** 9n }),
    });
    fc.assert(
      fc.property(jobs, ({ trainingTokens, epochs, more, rate }) => {
        const cost = (over: { trainingTokens?: bigint; epochs?: number }, price = rate) =>
          fineTuningCharge({ ...job, trainingTokens, epochs, profileId: "model-a100x1", ...over }, price)
            ?.creditsMicro ?? -1n;
        const plain = cost({});
        expect(plain >= 0n).toBe(true);
        expect(cost({ trainingTokens: trainingTokens + more }) >= plain).toBe(true);
        expect(cost({ epochs: epochs + 1 }) >= plain).toBe(true);
        expect(cost({}, rate + more) >= plain).toBe(true);
      }),
    );
  });
});

test("every speed is one of a size class and of a profile of the price book (P2, P4)", () => {
  const profiles = DEFAULT_PRICE_BOOK.filter((profile) => profile.kind === "model").map(({ profileId }) => profileId);
  for (const sizeClass of SIZE_CLASSES)
    expect(profiles).toEqual(expect.arrayContaining(Object.keys(TOKENS_PER_HOUR[sizeClass])));
});
