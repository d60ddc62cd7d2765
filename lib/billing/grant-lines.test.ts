import { describe, expect, test } from "vitest";
import { type GrantRecord, type GrantState, type NewGrant, planGrantLines } from "./grant-lines";

const record = (over: Partial<GrantRecord> = {}): GrantRecord => ({
  grantId: 1,
  creditsMicro: 100n,
  runs: 10n,
  inForceFromMs: 0,
  expiresAtMs: 1_000,
  expiredMicro: 0n,
  expiredRuns: 0n,
  ...over,
});
const added = (over: Partial<NewGrant> = {}): NewGrant => ({
  kind: "plan",
  creditsMicro: 100n,
  runs: 10n,
  inForceFromMs: 1_000,
  expiresAtMs: 2_000,
  reason: "cycle",
  ref: "cycle-2",
  ...over,
});
/** What was consumed at 500. */
const state = (
  grants: readonly GrantRecord[],
  creditsMicro: bigint,
  runs: bigint,
  knownUntilMs = 1_500,
): GrantState => ({
  grants,
  consumedMicroBefore: (atMs) => (atMs > 500 ? creditsMicro : 0n),
  consumedRunsBefore: (atMs) => (atMs > 500 ? runs : 0n),
  cycle: { startMs: 1_000, endMs: 2_000 },
  knownUntilMs,
});
const expiries = (given: GrantState, nowMs = 1_500) =>
  planGrantLines(given, [], nowMs).lines.flatMap((line) =>
    line.type === "expiry" ? [[line.creditsMicro, line.runs]] : [],
  );

describe("the end of a grant (C7)", () => {
  test("takes what was left of both meters, at the instant of its end", () => {
    const { lines } = planGrantLines(state([record()], 30n, 4n), [], 1_500);
    expect(lines).toEqual([{ type: "expiry", effectiveAtMs: 1_000, grantId: 1, creditsMicro: 70n, runs: 6n }]);
  });

  test("is written once, and a late fact is put right by a further line (C8)", () => {
    expect(expiries(state([record({ expiredMicro: 70n, expiredRuns: 6n })], 30n, 4n))).toEqual([]);
    expect(expiries(state([record({ expiredMicro: 70n, expiredRuns: 6n })], 50n, 4n))).toEqual([[-20n, 0n]]);
    expect(expiries(state([record({ expiredMicro: 70n, expiredRuns: 6n })], 10n, 4n))).toEqual([[20n, 0n]]);
  });

  test("waits while it is not known what ran before it (C5)", () => {
    expect(expiries(state([record()], 30n, 4n, 999))).toEqual([]);
    expect(expiries(state([record()], 30n, 4n, 1_000))).toEqual([[70n, 6n]]);
  });

  test("writes nothing for a grant that was used up", () => {
    expect(expiries(state([record()], 100n, 10n))).toEqual([]);
  });
});

describe("a new cycle (A7, A9)", () => {
  test("ends come before beginnings, and the debt that the plan's grant paid is said", () => {
    const { lines } = planGrantLines(state([record({ runs: 20n })], 130n, 4n), [added()], 1_500);
    expect(lines.map((line) => line.type)).toEqual(["expiry", "grant", "settlement"]);
    expect(lines[2]).toMatchObject({ debtPaidMicro: 30n, ref: "debt-cycle-2" });
  });

  test("a top-up pays a debt as well, without a line of settlement", () => {
    const { lines } = planGrantLines(state([record()], 130n, 10n), [added({ kind: "top_up" })], 1_500);
    expect(lines.map((line) => line.type)).toEqual(["grant"]);
  });

  test("something is due again at the next end of a grant, or of the cycle, whichever is first", () => {
    expect(planGrantLines(state([], 0n, 0n), [added({ expiresAtMs: 1_700 })], 1_500).dueAtMs).toBe(1_700);
    expect(planGrantLines(state([], 0n, 0n), [added({ expiresAtMs: null })], 1_500).dueAtMs).toBe(2_000);
  });

  test("the allocation counts the grants in force, without those that were used up before the cycle", () => {
    const grants = [
      record({ grantId: 1, creditsMicro: 40n, expiresAtMs: null }),
      record({ grantId: 2, creditsMicro: 50n, expiresAtMs: null }),
      record({ grantId: 3 }),
    ];
    // Of 140: all of grant 3, which ends, and all of grant 1.
    const plan = planGrantLines(state(grants, 140n, 0n), [added({ creditsMicro: 7n })], 1_500);
    expect(plan.grantedMicro).toBe(57n);
  });
});
