import { ledgerCsv } from "@/lib/credits/ledger-csv";
import type { LedgerAccount } from "./ledger-account";
import { ledgerFilter, readLedgerQuery } from "./ledger-query";

/** All lines of the filter in the address, streamed: a year of hours is never held at once. */
export function ledgerCsvResponse(account: Omit<LedgerAccount, "path">, request: Request): Response {
  const query = readLedgerQuery(Object.fromEntries(new URL(request.url).searchParams));
  const pieces = ledgerCsv(account.context, ledgerFilter(query, account.timeZone), account.timeZone);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": 'attachment; filename="podmeter-ledger.csv"',
      "Cache-Control": "private, no-store",
    },
  });
}
