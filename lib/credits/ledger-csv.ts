import { MICRO_PER_CREDIT } from "@/lib/billing/amount";
import type { AccountContext } from "@/lib/context";
import { type LedgerFilter, type LedgerLine, listLedger } from "@/lib/credits/list-ledger";
import { isoInZone } from "@/lib/local-time";

const LINES_PER_READ = 1_000;
/** So that spreadsheets read the text as UTF-8. */
const BYTE_ORDER_MARK = "\uFEFF";

type Column = { title: (timeZone: string) => string; cell: (line: LedgerLine, timeZone: string) => string };

const text = (title: string, cell: (line: LedgerLine) => string | null): Column => ({
  title: () => title,
  cell: (line) => csvText(cell(line) ?? ""),
});
/** Digits, sign and point only, so it needs no guard and stays a number for the spreadsheet. */
const number = (title: string, cell: (line: LedgerLine) => bigint | number | null): Column => ({
  title: () => title,
  cell: (line) => String(cell(line) ?? ""),
});
const credits = (title: string, cell: (line: LedgerLine) => bigint | null): Column => ({
  title: () => title,
  cell: (line) => {
    const creditsMicro = cell(line);
    return creditsMicro === null ? "" : plainCredits(creditsMicro);
  },
});
const time = (title: string, cell: (line: LedgerLine) => Date | null): Column => ({
  title: (timeZone) => `${title} (${timeZone})`,
  cell: (line, timeZone) => {
    const at = cell(line);
    return at ? isoInZone(at, timeZone) : "";
  },
});

const COLUMNS: readonly Column[] = [
  number("Line", (line) => line.seq),
  time("Written", (line) => line.at),
  time("In effect", (line) => line.effectiveAt),
  text("Kind", (line) => line.kind),
  time("Period from", (line) => line.periodFrom),
  time("Period to", (line) => line.periodTo),
  credits("Credits", (line) => line.creditsMicro),
  credits("Balance after", (line) => line.balanceAfterMicro),
  number("Runs", (line) => line.runs),
  number("Runs after", (line) => line.runsAfter),
  number("Corrects line", (line) => line.correctsSeq),
  credits("Debt paid", (line) => line.debtPaidMicro),
  text("Reason", (line) => line.reason),
];

/** The ledger as a spreadsheet reads it, newest line first, in pieces (C6). */
export async function* ledgerCsv(
  ctx: AccountContext,
  filter: Omit<LedgerFilter, "beforeSeq">,
  timeZone: string,
): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + row(COLUMNS.map((column) => csvText(column.title(timeZone))));
  let beforeSeq: number | undefined;
  while (true) {
    const lines = await listLedger(ctx, LINES_PER_READ, { ...filter, beforeSeq });
    if (lines.length > 0) yield lines.map((line) => row(COLUMNS.map((column) => column.cell(line, timeZone)))).join("");
    if (lines.length < LINES_PER_READ) return;
    beforeSeq = lines.at(-1)?.seq;
  }
}

/**
 * One cell of text. What a spreadsheet would take for a formula gets an apostrophe before it, so that a reason that somebody typed
 * is never run on the reader's machine.
 */
export function csvText(value: string): string {
  const safe = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** All six decimals, no groups: "-1234.500000". */
export function plainCredits(creditsMicro: bigint): string {
  const size = creditsMicro < 0n ? -creditsMicro : creditsMicro;
  const fraction = (size % MICRO_PER_CREDIT).toString().padStart(6, "0");
  return `${creditsMicro < 0n ? "-" : ""}${size / MICRO_PER_CREDIT}.${fraction}`;
}

const row = (cells: string[]) => `${cells.join(",")}\r\n`;
