import type { Metadata } from "next";
import Link from "next/link";
import { LedgerList } from "@/app/_ledger/ledger-list";
import { readLedgerQuery, type SearchParams } from "@/app/_ledger/ledger-query";
import { requireOperator } from "@/lib/auth/viewer";
import { OpsHead } from "../../../ops-head";
import { operatedLedger } from "./operated-ledger";

export const metadata: Metadata = { title: "Ledger" };

export default async function OpsLedgerPage({
  params,
  searchParams,
}: {
  params: Promise<{ publicId: string }>;
  searchParams: SearchParams;
}) {
  const viewer = await requireOperator();
  const { publicId } = await params;
  const query = readLedgerQuery(await searchParams);
  const account = await operatedLedger(viewer, publicId);
  return (
    <>
      <OpsHead title="Ledger">
        <Link href={`/ops/accounts/${publicId}`} className="link">
          {account.name}
        </Link>
        , as its people see it. Times are those of {account.timeZone}.
      </OpsHead>
      <LedgerList account={account} query={query} />
    </>
  );
}
