import type { Metadata } from "next";
import { LedgerList } from "@/app/_ledger/ledger-list";
import { readLedgerQuery, type SearchParams } from "@/app/_ledger/ledger-query";
import { readOwnBalance } from "@/app/_live/read-own-balance";
import { PageHead } from "@/app/_ui/page-head";
import { requireBilling } from "@/lib/auth/viewer";
import { LEDGER_PATH } from "./ledger-path";

export const metadata: Metadata = { title: "Ledger" };

export default async function LedgerPage({ searchParams }: { searchParams: SearchParams }) {
  const viewer = await requireBilling();
  const query = readLedgerQuery(await searchParams);
  const own = await readOwnBalance();
  if (!own) return null;
  const { timeZone } = own.balance;
  return (
    <>
      <PageHead title="Ledger" above="Settings › Billing › Ledger">
        Everything that moved the balance of {viewer.account.name}, newest first. Nothing here is ever edited or
        deleted. Times are those of {timeZone}.
      </PageHead>
      <LedgerList account={{ context: own.context, timeZone, path: LEDGER_PATH, operatorOf: null }} query={query} />
    </>
  );
}
