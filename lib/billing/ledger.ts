/**
 * Kinds of ledger line (SPEC C6–C8). grant: credits or runs given. expiry: what was left of a grant when it ended. settlement: says what of a
 * cycle's grant paid a debt, moves nothing. usage: an hour of running time. late_usage: running time that was reported after its
 * hour was settled. event: counted things. correction: an operator's, refers to the line that it corrects.
 */
export const LEDGER_KINDS = ["grant", "expiry", "settlement", "usage", "late_usage", "event", "correction"] as const;
export type LedgerKind = (typeof LEDGER_KINDS)[number];
