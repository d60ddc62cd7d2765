import Link from "next/link";
import { buttonClass } from "@/app/_ui/button";
import { Empty } from "@/app/_ui/empty";
import { listLedger } from "@/lib/credits/list-ledger";
import { BalanceAt } from "./balance-at";
import type { LedgerAccount } from "./ledger-account";
import { LedgerFilterForm } from "./ledger-filter-form";
import { type LedgerQuery, ledgerFilter, ledgerHref } from "./ledger-query";
import { LedgerTable } from "./ledger-table";

const LINES_PER_PAGE = 50;

/** The account's ledger: what moved its balance, newest first, and what the balance was at any instant (C6). */
export async function LedgerList({ account, query }: { account: LedgerAccount; query: LedgerQuery }) {
  const { context, timeZone, path } = account;
  const filter = ledgerFilter(query, timeZone);
  const found = await listLedger(context, LINES_PER_PAGE + 1, { ...filter, beforeSeq: query.before });
  const lines = found.slice(0, LINES_PER_PAGE);
  const last = lines.at(-1);
  const isFiltered = query.kind !== undefined || query.from !== undefined || query.to !== undefined;
  return (
    <>
      <LedgerFilterForm account={account} query={query} />
      {lines.length > 0 ? (
        <LedgerTable lines={lines} account={account} />
      ) : (
        <Empty
          title={isFiltered ? "No line of this kind in this time." : "There is no line yet."}
          action={
            isFiltered && (
              <Link href={path} className={buttonClass("secondary")}>
                Show all lines
              </Link>
            )
          }
        >
          Grants, each hour of running time and counted things stand here, with the balance that they left.
        </Empty>
      )}
      {(query.before !== undefined || found.length > LINES_PER_PAGE) && (
        <nav aria-label="Pages of the ledger" className="mt-4 flex flex-wrap gap-3">
          {query.before !== undefined && (
            <Link href={ledgerHref(path, { ...query, before: undefined })} className={buttonClass("secondary")}>
              Newest lines
            </Link>
          )}
          {found.length > LINES_PER_PAGE && last && (
            <Link href={ledgerHref(path, { ...query, before: last.seq })} className={buttonClass("secondary")}>
              Older lines
            </Link>
          )}
        </nav>
      )}
      <BalanceAt account={account} query={query} />
    </>
  );
}
