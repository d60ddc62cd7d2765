import type { AccountContext } from "@/lib/context";

/** Whose ledger a page shows, and for whom: customers see their own, operators see any and may correct it. */
export type LedgerAccount = {
  context: AccountContext;
  timeZone: string;
  /** The address of the list; a line's is below it. */
  path: string;
  /** Set for operators only. */
  operatorOf: { accountPublicId: string } | null;
};
