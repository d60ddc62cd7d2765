import { ledgerCsvResponse } from "@/app/_ledger/ledger-csv-response";
import { requireOperator } from "@/lib/auth/viewer";
import { operatedLedger } from "../operated-ledger";

export async function GET(request: Request, { params }: { params: Promise<{ publicId: string }> }): Promise<Response> {
  const viewer = await requireOperator();
  return ledgerCsvResponse(await operatedLedger(viewer, (await params).publicId), request);
}
