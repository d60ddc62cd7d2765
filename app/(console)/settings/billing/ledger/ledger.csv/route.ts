import { ledgerCsvResponse } from "@/app/_ledger/ledger-csv-response";
import { readOwnBalance } from "@/app/_live/read-own-balance";
import { requireBilling } from "@/lib/auth/viewer";

export async function GET(request: Request): Promise<Response> {
  await requireBilling();
  const own = await readOwnBalance();
  if (!own) return new Response("Sign in again.", { status: 401 });
  return ledgerCsvResponse({ context: own.context, timeZone: own.balance.timeZone, operatorOf: null }, request);
}
