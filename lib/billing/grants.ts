/**
 * Which grant each consumed credit was taken from (SPEC C6, C7). Not stored but replayed from the ledger, so it can never
 * disagree with it.
 */
export type LedgerEntry =
  | { seq: number; type: "grant"; grantId: number; creditsMicro: bigint; expiresAtMs: number | null }
  /** Positive: consumed. Negative: given back by a correction. */
  | { seq: number; type: "debit"; creditsMicro: bigint };

/** A part of a debit and the grant that it was taken from; null: of none yet, it is owed (A7). */
export type Draw = { seq: number; grantId: number | null; creditsMicro: bigint };

/**
 * Takes debits from grants in the ledger's order: soonest-expiring first, never-expiring last, older first (C7). What no grant covers is
 * owed, and the next grant pays it first (A7). What a correction gives back returns to the grants that it was taken from last.
 * The draws of a debit sum to it; those of a grant never exceed it.
 */
export function drawGrants(entries: readonly LedgerEntry[]): Draw[] {
  const grants: { grantId: number; leftMicro: bigint; expiresAtMs: number; seq: number }[] = [];
  const draws: Draw[] = [];

  for (const entry of entries) {
    if (entry.type === "grant") {
      const grant = {
        grantId: entry.grantId,
        leftMicro: entry.creditsMicro,
        expiresAtMs: entry.expiresAtMs ?? Number.POSITIVE_INFINITY,
        seq: entry.seq,
      };
      payDebt(draws, grant);
      grants.push(grant);
      grants.sort((a, b) => a.expiresAtMs - b.expiresAtMs || a.seq - b.seq);
      continue;
    }
    if (entry.creditsMicro < 0n) {
      giveBack(draws, grants, -entry.creditsMicro);
      continue;
    }
    let openMicro = entry.creditsMicro;
    for (const grant of grants) {
      const takenMicro = openMicro < grant.leftMicro ? openMicro : grant.leftMicro;
      if (takenMicro === 0n) continue;
      grant.leftMicro -= takenMicro;
      openMicro -= takenMicro;
      draws.push({ seq: entry.seq, grantId: grant.grantId, creditsMicro: takenMicro });
    }
    if (openMicro > 0n) draws.push({ seq: entry.seq, grantId: null, creditsMicro: openMicro });
  }
  return draws.filter((draw) => draw.creditsMicro > 0n);
}

function payDebt(draws: Draw[], grant: { grantId: number; leftMicro: bigint }): void {
  for (const debt of draws.filter((draw) => draw.grantId === null && draw.creditsMicro > 0n)) {
    const paidMicro = debt.creditsMicro < grant.leftMicro ? debt.creditsMicro : grant.leftMicro;
    if (paidMicro === 0n) return;
    grant.leftMicro -= paidMicro;
    debt.creditsMicro -= paidMicro;
    draws.push({ seq: debt.seq, grantId: grant.grantId, creditsMicro: paidMicro });
  }
}

function giveBack(draws: Draw[], grants: { grantId: number; leftMicro: bigint }[], creditsMicro: bigint): void {
  let openMicro = creditsMicro;
  for (const draw of [...draws].reverse()) {
    if (openMicro === 0n) return;
    const backMicro = draw.creditsMicro < openMicro ? draw.creditsMicro : openMicro;
    draw.creditsMicro -= backMicro;
    openMicro -= backMicro;
    const grant = grants.find((candidate) => candidate.grantId === draw.grantId);
    if (grant) grant.leftMicro += backMicro;
  }
}
