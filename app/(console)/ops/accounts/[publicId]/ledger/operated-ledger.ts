import { notFound } from "next/navigation";
import type { LedgerAccount } from "@/app/_ledger/ledger-account";
import { findAccount } from "@/lib/accounts/list-accounts";
import { operatorContext, type Viewer } from "@/lib/auth/viewer";
import { readBalance } from "@/lib/credits/read-balance";
import { PodmeterError } from "@/lib/errors";
import { runtime } from "@/lib/runtime";

/** Any account's ledger, for operators, in the account's own time zone: both sides see the same hours. */
export async function operatedLedger(viewer: Viewer, publicId: string): Promise<LedgerAccount & { name: string }> {
  try {
    const { accountId } = await findAccount({ db: runtime().db, now: new Date(), actor: viewer.email }, publicId);
    const context = operatorContext(viewer, accountId);
    const { name, timeZone } = await readBalance(context);
    const path = `/ops/accounts/${publicId}/ledger`;
    return { context, name, timeZone, path, operatorOf: { accountPublicId: publicId } };
  } catch (error) {
    if (error instanceof PodmeterError && error.code === "not_found") notFound();
    throw error;
  }
}
