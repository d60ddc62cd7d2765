import { z } from "zod";
import { LEDGER_KINDS, type LedgerKind } from "@/lib/billing/ledger";
import type { LedgerFilter } from "@/lib/credits/list-ledger";
import { instantAfterDay, instantOfLocal } from "@/lib/local-time";

export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** The whole state of a ledger page, as its address says it; what it does not know, it leaves out. Days and `at` are the account's. */
export type LedgerQuery = {
  kind?: LedgerKind;
  from?: string;
  to?: string;
  before?: number;
  at?: string;
};

const day = z
  .string()
  .refine((text) => /^\d{4}-\d\d-\d\d$/.test(text) && instantOfLocal(text, "UTC") !== null)
  .optional()
  .catch(undefined);

const seq = z
  .string()
  .regex(/^[1-9]\d{0,14}$/)
  .transform(Number);

const query = z.object({
  kind: z.enum(LEDGER_KINDS).optional().catch(undefined),
  from: day,
  to: day,
  before: seq.optional().catch(undefined),
  /** Not judged here: the page says what is wrong with it. */
  at: z.string().min(1).max(40).optional().catch(undefined),
});

export function readLedgerQuery(given: Record<string, string | string[] | undefined>): LedgerQuery {
  return query.parse(given);
}

/** The number of a line, as an address names it; null for what cannot be one. */
export function readSeq(text: string): number | null {
  return seq.safeParse(text).data ?? null;
}

export function ledgerFilter({ kind, from, to }: LedgerQuery, timeZone: string): LedgerFilter {
  return {
    kind,
    from: (from && instantOfLocal(from, timeZone)) || undefined,
    to: (to && instantAfterDay(to, timeZone)) || undefined,
  };
}

export function ledgerHref(path: string, { kind, from, to, before, at }: LedgerQuery): string {
  const parts = Object.entries({ kind, from, to, before: before?.toString(), at }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return parts.length === 0 ? path : `${path}?${new URLSearchParams(parts)}`;
}
