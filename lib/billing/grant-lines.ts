import { allocationOf, type Grant, replayGrants } from "./grants";
import type { GrantKind } from "./kinds";

/** A grant of both meters, as it stands in the books. */
export type GrantRecord = {
  grantId: number;
  creditsMicro: bigint;
  runs: bigint;
  inForceFromMs: number;
  expiresAtMs: number | null;
  /** What ledger lines have taken out of it as expired so far. */
  expiredMicro: bigint;
  expiredRuns: bigint;
};

/** A grant that is to be written. */
export type NewGrant = {
  kind: GrantKind;
  creditsMicro: bigint;
  runs: bigint;
  inForceFromMs: number;
  expiresAtMs: number | null;
  reason: string;
  /** Makes it idempotent: one that is in the ledger already is not written again. */
  ref: string;
};

export type Cycle = { startMs: number; endMs: number };

export type GrantState = {
  grants: readonly GrantRecord[];
  consumedMicroBefore: (atMs: number) => bigint;
  consumedRunsBefore: (atMs: number) => bigint;
  /** Begun and not over. */
  cycle: Cycle;
  /** Up to when consumption is known (C5). Nothing after it is written as expired. */
  knownUntilMs: number;
};

export type GrantLine =
  | { type: "grant"; effectiveAtMs: number; grant: NewGrant }
  | { type: "expiry"; effectiveAtMs: number; grantId: number; creditsMicro: bigint; runs: bigint }
  /** Pays nothing by itself: says what of the cycle's grant paid the debt before it (A7). */
  | { type: "settlement"; effectiveAtMs: number; ref: string; debtPaidMicro: bigint };

export type GrantPlan = {
  lines: GrantLine[];
  grantedMicro: bigint;
  runsGranted: bigint;
  /** When something must be written again: the next expiry or the end of the cycle. */
  dueAtMs: number;
};

/**
 * The ledger lines that are due at `nowMs`, given the grants that are to be added (A3, A9, C7): ends of grants with what was left of them, each
 * at its own instant however late it is written; new grants; debts that a cycle's grant paid. Expired amounts are held against
 * what was written before, so a fact that came late is put right by a further line (C8), and asking twice writes once.
 */
export function planGrantLines(state: GrantState, added: readonly NewGrant[], nowMs: number): GrantPlan {
  const temporaryId = (index: number) => -1 - index;
  const records: GrantRecord[] = [
    ...state.grants,
    ...added.map((grant, index) => ({ ...grant, grantId: temporaryId(index), expiredMicro: 0n, expiredRuns: 0n })),
  ];
  const meter = (amount: (record: GrantRecord) => bigint): Grant[] =>
    records.map((record) => ({
      grantId: record.grantId,
      amount: amount(record),
      inForceFromMs: record.inForceFromMs,
      expiresAtMs: record.expiresAtMs,
    }));
  const credits = meter((record) => record.creditsMicro);
  const runs = meter((record) => record.runs);
  const until = Math.min(nowMs, state.knownUntilMs);
  const creditsNow = replayGrants(credits, state.consumedMicroBefore, until);
  const runsNow = replayGrants(runs, state.consumedRunsBefore, until);

  const lines: GrantLine[] = [];
  for (const [index, grant] of added.entries()) {
    lines.push({ type: "grant", effectiveAtMs: grant.inForceFromMs, grant });
    const debtPaidMicro = creditsNow.debtPaid.get(temporaryId(index)) ?? 0n;
    if (grant.kind === "plan" && debtPaidMicro > 0n) {
      lines.push({ type: "settlement", effectiveAtMs: grant.inForceFromMs, ref: `debt-${grant.ref}`, debtPaidMicro });
    }
  }
  for (const record of state.grants) {
    if (record.expiresAtMs === null || record.expiresAtMs > until) continue;
    const creditsMicro = (creditsNow.expired.get(record.grantId) ?? 0n) - record.expiredMicro;
    const expiredRuns = (runsNow.expired.get(record.grantId) ?? 0n) - record.expiredRuns;
    if (creditsMicro === 0n && expiredRuns === 0n) continue;
    lines.push({
      type: "expiry",
      effectiveAtMs: record.expiresAtMs,
      grantId: record.grantId,
      creditsMicro,
      runs: expiredRuns,
    });
  }
  const order = { expiry: 0, grant: 1, settlement: 2 };
  lines.sort((a, b) => a.effectiveAtMs - b.effectiveAtMs || order[a.type] - order[b.type]);

  const leftAt = (grants: Grant[], consumed: (atMs: number) => bigint) =>
    replayGrants(grants, consumed, Math.min(state.cycle.startMs, until)).left;
  const ends = records.flatMap((record) =>
    record.expiresAtMs !== null && record.expiresAtMs > until ? [record.expiresAtMs] : [],
  );
  return {
    lines,
    grantedMicro: allocationOf(credits, leftAt(credits, state.consumedMicroBefore), state.cycle.startMs, nowMs),
    runsGranted: allocationOf(runs, leftAt(runs, state.consumedRunsBefore), state.cycle.startMs, nowMs),
    dueAtMs: Math.min(state.cycle.endMs, ...ends),
  };
}
