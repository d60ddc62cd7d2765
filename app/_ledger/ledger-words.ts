import type { GrantKind, UsageComponent } from "@/lib/billing/kinds";
import type { LedgerKind } from "@/lib/billing/ledger";
import { formatCount, formatCredits } from "@/lib/format";

export const LEDGER_KIND_TITLES: Record<LedgerKind, string> = {
  grant: "Grant",
  expiry: "Expiry",
  settlement: "Settlement",
  usage: "Usage",
  late_usage: "Late usage",
  event: "Events",
  correction: "Correction",
};

/** What a line of a kind is, for who sees one for the first time. */
export const LEDGER_KIND_MEANINGS: Record<LedgerKind, string> = {
  grant: "Credits or runs were given.",
  expiry: "What was left of a grant when it ended.",
  settlement: "Says what of the cycle's grant paid the debt of before. It moves nothing itself.",
  usage: "An hour of running time.",
  late_usage: "Running time that was reported after its hour was settled.",
  event: "Counted things, such as workflow runs.",
  correction: "An operator gave back what was charged wrongly. The line that it corrects stays as it was.",
};

export const GRANT_KIND_TITLES: Record<GrantKind, string> = {
  free: "Free credits",
  plan: "Plan",
  top_up: "Top-up",
  adjustment: "Adjustment",
};

export const COMPONENT_TITLES: Record<UsageComponent, string> = {
  hosting: "hosting",
  inference: "inference",
  fine_tuning: "fine-tuning",
  storage: "storage",
};

/** All six decimals, so that points stand under each other and columns add up as they stand. */
export const exactCredits = (creditsMicro: bigint) => formatCredits(creditsMicro, 6);

export const signedCredits = (creditsMicro: bigint) => signed(creditsMicro, exactCredits);
export const signedRuns = (runs: bigint) => signed(runs, formatCount);

const signed = (amount: bigint, format: (amount: bigint) => string) =>
  amount === 0n ? "–" : amount > 0n ? `+${format(amount)}` : format(amount);
