import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawGrants, type LedgerEntry } from "./grants";

const grant = (seq: number, creditsMicro: bigint, expiresAtMs: number | null = null): LedgerEntry => ({
  seq,
  type: "grant",
  grantId: seq,
  creditsMicro,
  expiresAtMs,
});
const debit = (seq: number, creditsMicro: bigint): LedgerEntry => ({ seq, type: "debit", creditsMicro });

describe("which grant a credit was taken from", () => {
  test("soonest-expiring first, never-expiring last, older first (C7)", () => {
    const draws = drawGrants([grant(1, 10n), grant(2, 10n), grant(3, 10n, 2_000), grant(4, 10n, 1_000), debit(5, 35n)]);
    expect(draws.map((draw) => [draw.grantId, draw.creditsMicro])).toEqual([
      [4, 10n],
      [3, 10n],
      [1, 10n],
      [2, 5n],
    ]);
  });

  test("what no grant covers is owed, and the next grant pays it first (A7)", () => {
    expect(drawGrants([grant(1, 10n), debit(2, 14n)])).toContainEqual({ seq: 2, grantId: null, creditsMicro: 4n });
    const draws = drawGrants([grant(1, 10n), debit(2, 14n), grant(3, 20n), debit(4, 16n)]);
    expect(draws).toEqual([
      { seq: 2, grantId: 1, creditsMicro: 10n },
      { seq: 2, grantId: 3, creditsMicro: 4n },
      { seq: 4, grantId: 3, creditsMicro: 16n },
    ]);
  });

  test("what a correction gives back can be used again (C8)", () => {
    const draws = drawGrants([grant(1, 10n), debit(2, 8n), debit(3, -5n), debit(4, 7n)]);
    expect(draws).toEqual([
      { seq: 2, grantId: 1, creditsMicro: 3n },
      { seq: 4, grantId: 1, creditsMicro: 7n },
    ]);
  });

  test("no credit is taken twice or lost, whatever the order of grants and debits (C6, C7)", () => {
    const entry = fc.record({
      type: fc.constantFrom("grant" as const, "debit" as const),
      micro: fc.bigInt(1n, 1_000n),
      expires: fc.option(fc.nat(5)),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 30 }), (given) => {
        const entries = given.map(({ type, micro, expires }, index) =>
          type === "grant" ? grant(index, micro, expires) : debit(index, micro),
        );
        const draws = drawGrants(entries);
        const total = (pick: (draw: (typeof draws)[number]) => boolean) =>
          draws.filter(pick).reduce((sum, draw) => sum + draw.creditsMicro, 0n);
        let balance = 0n;
        for (const item of entries) {
          balance += item.type === "grant" ? item.creditsMicro : -item.creditsMicro;
          if (item.type === "debit") expect(total((draw) => draw.seq === item.seq)).toBe(item.creditsMicro);
          else expect(total((draw) => draw.grantId === item.grantId) <= item.creditsMicro).toBe(true);
        }
        expect(total((draw) => draw.grantId === null)).toBe(balance < 0n ? -balance : 0n);
      }),
    );
  });
});
