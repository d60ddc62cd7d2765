import fc from "fast-check";
import { describe, expect, test } from "vitest";
// biome-ignore lint/style/noRestrictedImports: random inputs that the parity test shares; they hold no code of the product.
import { balanceStates, EPOCH_MS, instantsMs, ratesMicroPerHour, risingInstantsMs, segments } from "@/test/arbitraries";
import {
  burnedMicro,
  burnRateMicroPerHour,
  liveBalanceMicro,
  MS_PER_HOUR,
  meteredUntilMs,
  OBSERVATION_TOLERANCE_MS,
  owedMicro,
  runningMs,
} from "./burn";

const T0 = EPOCH_MS;
const HOUR = MS_PER_HOUR;
const FIRST = { min: 1, max: 12 };

const sum = (amounts: bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
/** [a, b), [b, c), … of rising instants. */
const pieces = (instants: number[]) =>
  instants.slice(1).map((to, index): [number, number] => [instants[index] ?? to, to]);

describe("what running time costs (C2)", () => {
  test.each([
    ["an hour of the smallest script", 76_980n, HOUR, 76_980n],
    ["a minute of it", 76_980n, 60_000, 1_283n],
    ["a second of it, rounded down from 21.38", 76_980n, 1_000, 21n],
    ["a millisecond of it, too little for a micro-credit", 76_980n, 1, 0n],
    ["the first micro-credit of it, at 46.76 ms", 76_980n, 46, 0n],
    ["the first micro-credit of it, at 46.77 ms", 76_980n, 47, 1n],
    ["an hour and a half of a T4", 1_428_000n, HOUR + HOUR / 2, 2_142_000n],
    ["a millisecond of eight A100, rounded down from 13.33", 48_000_000n, 1, 13n],
    ["thirty days of eight A100", 48_000_000n, 720 * HOUR, 34_560_000_000n],
  ])("%s", (_, rate, elapsedMs, expected) => {
    expect(burnedMicro(rate, T0, T0 + elapsedMs)).toBe(expected);
  });

  test("a hundred years at the highest rate is exact, far beyond 2^53 (C1)", () => {
    const years = 876_000 * HOUR;
    expect(burnedMicro(1_000_000_000_000n, 0, years + 1)).toBe(876_000_000_000_277_777n);
  });

  test("no time, or time that runs backwards, costs nothing", () => {
    expect(burnedMicro(48_000_000n, T0, T0)).toBe(0n);
    expect(burnedMicro(48_000_000n, T0, T0 - HOUR)).toBe(0n);
  });

  test("never more than exact, and less than one micro-credit under", () => {
    fc.assert(
      fc.property(ratesMicroPerHour, instantsMs(), instantsMs(), (rate, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const short = rate * BigInt(to - from) - burnedMicro(rate, from, to) * BigInt(HOUR);
        expect(short >= 0n && short < BigInt(HOUR)).toBe(true);
      }),
    );
  });

  test("any cutting of time into pieces sums to the whole: one tick or ten thousand (C2)", () => {
    fc.assert(
      fc.property(segments, risingInstantsMs({ min: 2, max: 40 }), (segment, instants) => {
        const whole = owedMicro(segment, instants[0] ?? 0, instants.at(-1) ?? 0);
        expect(sum(pieces(instants).map(([from, to]) => owedMicro(segment, from, to)))).toBe(whole);
      }),
    );
  });

  test("10,000 ticks of a millisecond bill what one tick of ten seconds bills, at every price of a few micro-credits", () => {
    for (const rateMicroPerHour of [1n, 359n, 76_980n, 48_000_000n]) {
      const segment = { rateMicroPerHour, startedAtMs: T0, endedAtMs: null };
      let billed = 0n;
      for (let ms = 0; ms < 10_000; ms++) billed += owedMicro(segment, T0 + ms, T0 + ms + 1);
      expect(billed).toBe((rateMicroPerHour * 10_000n) / BigInt(HOUR));
    }
  });

  test("more time never costs less", () => {
    fc.assert(
      fc.property(segments, risingInstantsMs({ min: 3, max: 3 }), (segment, [a = 0, b = 0, c = 0]) => {
        expect(owedMicro(segment, a, c) >= owedMicro(segment, a, b)).toBe(true);
        expect(owedMicro(segment, b, c) >= 0n).toBe(true);
      }),
    );
  });

  test("a whole interval, looked at from before its start to after its end, owes its floor", () => {
    fc.assert(
      fc.property(
        ratesMicroPerHour,
        risingInstantsMs({ min: 4, max: 4 }),
        (rate, [before = 0, start = 0, end = 0, after = 0]) => {
          const segment = { rateMicroPerHour: rate, startedAtMs: start, endedAtMs: end };
          expect(owedMicro(segment, before, after)).toBe((rate * BigInt(end - start)) / BigInt(HOUR));
        },
      ),
    );
  });
});

describe("what is charged and what is not", () => {
  test("two replicas cost double (C3)", () => {
    fc.assert(
      fc.property(segments, instantsMs(), instantsMs(), (segment, settledThroughMs, atMs) => {
        const spent = (replicas: (typeof segment)[]) =>
          liveBalanceMicro({ settledMicro: 0n, settledThroughMs, segments: replicas }, atMs);
        expect(spent([segment, segment])).toBe(2n * spent([segment]));
      }),
    );
  });

  test("a price that changes at any instant costs each part by its own floor, and no part is re-priced (C3)", () => {
    fc.assert(
      fc.property(
        ratesMicroPerHour,
        ratesMicroPerHour,
        risingInstantsMs({ min: 3, max: 3 }),
        (before, after, [start = 0, change = 0, end = 0]) => {
          const parts = [
            { rateMicroPerHour: before, startedAtMs: start, endedAtMs: change },
            { rateMicroPerHour: after, startedAtMs: change, endedAtMs: end },
          ];
          const owed = sum(parts.map((part) => owedMicro(part, start, end)));
          expect(owed).toBe(burnedMicro(before, start, change) + burnedMicro(after, change, end));
          const short = before * BigInt(change - start) + after * BigInt(end - change) - owed * BigInt(HOUR);
          expect(short >= 0n && short < 2n * BigInt(HOUR)).toBe(true);
        },
      ),
    );
  });

  test("waiting to start costs nothing, and neither does what comes after the end (C4, E3)", () => {
    fc.assert(
      fc.property(
        ratesMicroPerHour,
        risingInstantsMs({ min: 6, max: 6 }),
        (rate, [a = 0, b = 0, start = 0, end = 0, c = 0, d = 0]) => {
          const segment = { rateMicroPerHour: rate, startedAtMs: start, endedAtMs: end };
          expect(owedMicro(segment, a, b)).toBe(0n);
          expect(owedMicro(segment, a, start)).toBe(0n);
          expect(owedMicro(segment, end, d)).toBe(0n);
          expect(owedMicro(segment, c, d)).toBe(0n);
        },
      ),
    );
  });

  test("running time of the pieces sums to the running time of the whole (C2)", () => {
    fc.assert(
      fc.property(segments, risingInstantsMs({ min: 2, max: 20 }), (segment, instants) => {
        const whole = runningMs(segment, instants[0] ?? 0, instants.at(-1) ?? 0);
        expect(pieces(instants).reduce((total, [from, to]) => total + runningMs(segment, from, to), 0)).toBe(whole);
      }),
    );
  });

  test.each([
    ["before it starts", -HOUR, 0, 0],
    ["across its start", -HOUR, HOUR, HOUR],
    ["within it", HOUR, HOUR + 1, 1],
    ["across its end", HOUR, 3 * HOUR, HOUR],
    ["after its end", 2 * HOUR, 3 * HOUR, 0],
    ["backwards", HOUR, 0, 0],
  ])("two hours of running, counted %s", (_, fromMs, toMs, expected) => {
    const segment = { rateMicroPerHour: 1n, startedAtMs: T0, endedAtMs: T0 + 2 * HOUR };
    expect(runningMs(segment, T0 + fromMs, T0 + toMs)).toBe(expected);
  });
});

describe("the balance as a function of time (C6)", () => {
  test("settling at any instants changes no later balance", () => {
    fc.assert(
      fc.property(balanceStates, risingInstantsMs(FIRST), fc.nat(), (state, instants, laterMs) => {
        const last = Math.max(state.settledThroughMs, instants.at(-1) ?? 0);
        let settled = state;
        for (const atMs of instants) {
          if (atMs < settled.settledThroughMs) continue;
          settled = { ...settled, settledMicro: liveBalanceMicro(settled, atMs), settledThroughMs: atMs };
        }
        expect(liveBalanceMicro(settled, last + laterMs)).toBe(liveBalanceMicro(state, last + laterMs));
      }),
    );
  });

  test("it never rises by itself, and stands at the settled balance at the instant that is settled", () => {
    fc.assert(
      fc.property(balanceStates, risingInstantsMs({ min: 2, max: 2 }), (state, [a = 0, b = 0]) => {
        expect(liveBalanceMicro(state, b) <= liveBalanceMicro(state, a)).toBe(true);
        expect(liveBalanceMicro(state, state.settledThroughMs)).toBe(state.settledMicro);
      }),
    );
  });

  test("the burn rate is that of what runs at the instant: from its start, up to and without its end", () => {
    const running = [
      { rateMicroPerHour: 100n, startedAtMs: T0, endedAtMs: null },
      { rateMicroPerHour: 10n, startedAtMs: T0 + 5, endedAtMs: T0 + 9 },
    ];
    const rateAt = (ms: number) => burnRateMicroPerHour(running, T0 + ms);
    expect([rateAt(-1), rateAt(0), rateAt(4), rateAt(5), rateAt(8), rateAt(9)]).toEqual([
      0n,
      100n,
      100n,
      110n,
      110n,
      100n,
    ]);
  });

  test.each([
    ["no platform was seen yet: now", null, T0],
    ["seen just now: now", T0, T0],
    ["seen within the tolerance: now", T0 - OBSERVATION_TOLERANCE_MS, T0],
    ["seen a millisecond longer ago: that much less", T0 - OBSERVATION_TOLERANCE_MS - 1, T0 - 1],
    ["away for an hour: nothing is guessed past the tolerance", T0 - HOUR, T0 - HOUR + OBSERVATION_TOLERANCE_MS],
    ["a platform whose clock is ahead: now", T0 + HOUR, T0],
  ])("time counts up to the platform's last answer. %s (C5)", (_, observedAtMs, expected) => {
    expect(meteredUntilMs(T0, observedAtMs)).toBe(expected);
  });
});
