import Link from "next/link";
import type { ReactNode } from "react";
import { Time } from "@/app/_ui/time";
import type { LedgerLine } from "@/lib/credits/list-ledger";
import { formatCount } from "@/lib/format";
import type { LedgerAccount } from "./ledger-account";
import { exactCredits, LEDGER_KIND_TITLES, signedCredits, signedRuns } from "./ledger-words";

/** On a phone, each line is a card of its own: the cells stand under each other, each beside its heading. */
const CELL =
  "px-4 py-2.5 align-top max-md:flex max-md:justify-between max-md:gap-4 max-md:py-1 md:first:pl-5 md:last:pr-5";

export function LedgerTable({ lines, account }: { lines: LedgerLine[]; account: LedgerAccount }) {
  return (
    <table className="w-full text-sm max-md:block md:rounded-[10px] md:bg-surface md:ring-1 md:ring-line">
      <caption className="sr-only">Lines of the ledger, newest first</caption>
      <thead className="text-left text-ink-soft max-md:hidden">
        <tr>
          <Head>Line</Head>
          <Head>Written</Head>
          <Head right>Credits</Head>
          <Head right>Balance after</Head>
          <Head right>Runs</Head>
          <Head right>Runs after</Head>
        </tr>
      </thead>
      <tbody className="max-md:block md:divide-y md:divide-line md:border-t md:border-line">
        {lines.map((line) => (
          <tr
            key={line.seq}
            className="max-md:mb-3 max-md:block max-md:rounded-[10px] max-md:bg-surface max-md:py-2 max-md:ring-1 max-md:ring-line"
          >
            <th scope="row" className={`${CELL} text-left font-normal`}>
              <What line={line} account={account} />
            </th>
            <Cell title="Written">
              <Time at={line.at} timeZone={account.timeZone} seconds />
            </Cell>
            <Cell title="Credits" right>
              <span className="font-medium">{signedCredits(line.creditsMicro)}</span>
            </Cell>
            <Cell title="Balance after" right>
              {exactCredits(line.balanceAfterMicro)}
            </Cell>
            <Cell title="Runs" right>
              {signedRuns(line.runs)}
            </Cell>
            <Cell title="Runs after" right>
              {formatCount(line.runsAfter)}
            </Cell>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function What({ line, account }: { line: LedgerLine; account: LedgerAccount }) {
  const { timeZone, path, operatorOf } = account;
  return (
    <div className="min-w-0">
      <Link href={`${path}/${line.seq}`} className="link font-medium">
        <span className="figures">{line.seq}</span> {LEDGER_KIND_TITLES[line.kind]}
      </Link>
      {line.periodFrom && line.periodTo && (
        <span className="label block">
          <Time at={line.periodFrom} timeZone={timeZone} /> to <Time at={line.periodTo} timeZone={timeZone} />
        </span>
      )}
      {line.correctsSeq !== null && <span className="label block">corrects line {line.correctsSeq}</span>}
      {line.reason && <span className="label block max-w-xs break-words">{line.reason}</span>}
      {operatorOf && line.actor && <span className="label block break-words">by {line.actor}</span>}
    </div>
  );
}

function Head({ children, right }: { children: string; right?: boolean }) {
  return (
    <th
      scope="col"
      className={`px-4 py-2.5 font-medium whitespace-nowrap first:pl-5 last:pr-5 ${right ? "text-right" : "text-left"}`}
    >
      {children}
    </th>
  );
}

function Cell({ title, right, children }: { title: string; right?: boolean; children: ReactNode }) {
  return (
    <td className={`${CELL} figures whitespace-nowrap ${right ? "md:text-right" : ""}`}>
      <span aria-hidden="true" className="label md:hidden">
        {title}
      </span>
      <span>{children}</span>
    </td>
  );
}
