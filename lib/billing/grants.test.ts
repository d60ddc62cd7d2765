import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allocationOf, type Grant, replayGrants, replayInstants, shareDraws } from "./grants";

const grant = (grantId: number, amount: bigint, inForceFromMs: number, expiresAtMs: number | null = null): Grant => ({
  grantId,
  amount,
  inForceFromMs,
  expiresAtMs,
});
type Use = { atMs: number; amount: bigint };
const consumedBy = (uses: readonly Use[]) => (atMs: number) =>
  uses.filter((use) => use.atMs < atMs).reduce((total, use) => total + use.amount, 0n);

describe("which grant a credit is taken from", () => {
  test("soonest-expiring first, never-expiring last, older first (C7)", () => {
    const grants = [grant(1, 10n, 0), grant(2, 10n, 1), grant(3, 10n, 2, 2_000), grant(4, 10n, 3, 1_000)];
    const { draws, left } = replayGrants(grants, consumedBy([{ atMs: 500, amount: 35n }]), 600);
    expect(draws.map((draw) => [draw.grantId, draw.amount])).toEqual([
      [4, 10n],
      [3, 10n],
      [1, 10n],
      [2, 5n],
    ]);
    expect(left.get(2)).toBe(5n);
  });

  test("what is left at a grant's end expires, and only that (C7)", () => {
    const grants = [grant(1, 10n, 0, 100), grant(2, 10n, 0)];
    const { expired, left } = replayGrants(
      grants,
      consumedBy([
        { atMs: 50, amount: 4n },
        { atMs: 100, amount: 3n },
      ]),
      200,
    );
    expect([expired.get(1), left.get(2)]).toEqual([6n, 7n]);
  });

  test("a debt is paid first by the next grant (A7)", () => {
    const grants = [grant(1, 10n, 0, 100), grant(2, 20n, 100, 200)];
    const replay = replayGrants(grants, consumedBy([{ atMs: 50, amount: 14n }]), 150);
    expect([replay.owed, replay.debtPaid.get(2), replay.left.get(2)]).toEqual([0n, 4n, 16n]);
  });

  test("a correction gives back to the grant that was charged last, as if the usage had never been (C8)", () => {
    const grants = [grant(1, 10n, 0, 100), grant(2, 10n, 0)];
    const { left, expired } = replayGrants(
      grants,
      consumedBy([
        { atMs: 10, amount: 13n },
        { atMs: 20, amount: -5n },
      ]),
      150,
    );
    expect([left.get(2), expired.get(1)]).toEqual([10n, 2n]);
  });

  test("an hour's draws are dealt out to its lines without loss (C6)", () => {
    const draws = [
      { grantId: 1, fromMs: 0, toMs: 1, amount: 5n },
      { grantId: 2, fromMs: 0, toMs: 1, amount: 4n },
    ];
    expect(
      shareDraws(draws, [
        { seq: 7, amount: 6n },
        { seq: 9, amount: 3n },
      ]),
    ).toEqual(
      new Map([
        [
          7,
          [
            { grantId: 1, amount: 5n },
            { grantId: 2, amount: 1n },
          ],
        ],
        [9, [{ grantId: 2, amount: 3n }]],
      ]),
    );
  });
});

describe("the allocation", () => {
  test("holds the grants in force, without those that were used up before the cycle began", () => {
    const grants = [grant(1, 10n, 0), grant(2, 20n, 0), grant(3, 30n, 50, 200), grant(4, 40n, 0, 100)];
    expect(
      allocationOf(
        grants,
        new Map([
          [1, 0n],
          [2, 3n],
        ]),
        50,
        150,
      ),
    ).toBe(50n);
  });
});

const grants = fc
  .array(
    fc.record({ amount: fc.bigInt(1n, 1_000n), from: fc.nat(100), lasts: fc.option(fc.integer({ min: 1, max: 60 })) }),
    { maxLength: 8 },
  )
  .map((given) =>
    given.map((g, index) => grant(index + 1, g.amount, g.from, g.lasts === null ? null : g.from + g.lasts)),
  );
const uses = fc.array(fc.record({ atMs: fc.nat(120), amount: fc.bigInt(1n, 600n) }), { maxLength: 20 });
/** Uses of which some are given back later, in part or whole. */
const usesWithCorrections = fc
  .array(fc.record({ atMs: fc.nat(120), amount: fc.bigInt(1n, 600n), backAfterMs: fc.option(fc.nat(40)) }), {
    maxLength: 20,
  })
  .map((given) =>
    given.flatMap(({ atMs, amount, backAfterMs }): Use[] =>
      backAfterMs === null
        ? [{ atMs, amount }]
        : [
            { atMs, amount },
            { atMs: atMs + backAfterMs, amount: -(amount / 2n) },
          ],
    ),
  );

describe("no credit is created or lost", () => {
  test("granted = used + left + expired, less what is owed, at every instant, corrections or not (C6, C7, C8)", () => {
    fc.assert(
      fc.property(grants, fc.oneof(uses, usesWithCorrections), fc.nat(150), (given, consumed, untilMs) => {
        const replay = replayGrants(given, consumedBy(consumed), untilMs);
        const granted = given.filter((g) => g.inForceFromMs <= untilMs).reduce((total, g) => total + g.amount, 0n);
        const total = (amounts: Iterable<bigint>) => [...amounts].reduce((sum, amount) => sum + amount, 0n);
        const used = consumedBy(consumed)(untilMs);
        expect(granted + replay.owed).toBe(used + total(replay.left.values()) + total(replay.expired.values()));
        expect(total(replay.draws.map((draw) => draw.amount))).toBe(used);
        for (const g of given) {
          const drawn = total(replay.draws.filter((draw) => draw.grantId === g.grantId).map((draw) => draw.amount));
          expect(drawn <= g.amount).toBe(true);
        }
      }),
    );
  });

  test("cutting time into more pieces changes nothing (C2)", () => {
    fc.assert(
      fc.property(grants, uses, fc.array(fc.nat(150)), (given, consumed, cuts) => {
        const plain = replayGrants(given, consumedBy(consumed), 150);
        const cut = replayGrants(given, consumedBy(consumed), 150, cuts);
        expect([cut.left, cut.expired, cut.owed, cut.debtPaid]).toEqual([
          plain.left,
          plain.expired,
          plain.owed,
          plain.debtPaid,
        ]);
      }),
    );
  });

  test("only the announced instants are asked for", () => {
    fc.assert(
      fc.property(grants, fc.array(fc.nat(150)), (given, cuts) => {
        const asked = new Set<number>();
        replayGrants(given, (atMs) => BigInt(asked.add(atMs).size) * 0n, 120, cuts);
        expect([...asked].sort((a, b) => a - b)).toEqual(replayInstants(given, 120, cuts));
      }),
    );
  });
});
