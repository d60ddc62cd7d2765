import type { Metadata } from "next";
import Link from "next/link";
import { RefreshWhile } from "@/app/_live/refresh-while";
import { type Column, DataTable } from "@/app/_ui/data-table";
import { Empty } from "@/app/_ui/empty";
import { RemainingIcon, StopIcon } from "@/app/_ui/icons";
import { Time } from "@/app/_ui/time";
import { type AccountSummary, listAccounts } from "@/lib/accounts/list-accounts";
import { requireOperator } from "@/lib/auth/viewer";
import { remainingState } from "@/lib/billing/thresholds";
import { creditDigits, formatCount, formatCredits, formatRate } from "@/lib/format";
import { runtime } from "@/lib/runtime";
import { OPS_TIME_ZONE, OpsHead } from "./ops-head";

export const metadata: Metadata = { title: "Accounts" };

const REFRESH_MS = 5_000;

const COLUMNS: Column<AccountSummary>[] = [
  {
    title: "Account",
    cell: (account) => (
      <>
        <Link href={`/ops/accounts/${account.publicId}`} className="link text-[0.9375rem] font-medium">
          {account.name}
        </Link>
        <span className="label block font-mono text-xs">{account.publicId}</span>
      </>
    ),
  },
  { title: "Plan", cell: (account) => account.planName },
  {
    title: "Credits left",
    align: "right",
    cell: ({ remainingMicro, grantedMicro }) => (
      <>
        <span className="inline-flex items-center gap-1.5 font-medium whitespace-nowrap">
          <RemainingIcon state={remainingState(remainingMicro, grantedMicro)} className="size-3.5" />
          {formatCredits(remainingMicro, creditDigits(grantedMicro))}
        </span>
        <span className="label block whitespace-nowrap">
          of {formatCredits(grantedMicro, creditDigits(grantedMicro))}
        </span>
      </>
    ),
  },
  { title: "Limit", align: "right", cell: ({ negativeLimitMicro }) => formatRate(-negativeLimitMicro) },
  {
    title: "Runs left",
    align: "right",
    cell: ({ runsRemaining, runsGranted }) => (
      <>
        {formatCount(runsRemaining)}
        <span className="label block whitespace-nowrap">of {formatCount(runsGranted)}</span>
      </>
    ),
  },
  { title: "Running", align: "right", cell: ({ running }) => formatCount(running) },
  { title: "Per hour", align: "right", cell: ({ burnRateMicroPerHour }) => formatRate(burnRateMicroPerHour) },
  { title: "Stops at", align: "right", cell: (account) => <StopsAt account={account} /> },
];

function StopsAt({ account }: { account: AccountSummary }) {
  if (account.closedAt) {
    return (
      <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-bad">
        <StopIcon className="size-3.5" /> Closed <Time at={account.closedAt} timeZone={OPS_TIME_ZONE} />
      </span>
    );
  }
  return account.stopAtMs === null ? "–" : <Time at={new Date(account.stopAtMs)} timeZone={OPS_TIME_ZONE} seconds />;
}

export default async function AccountsPage() {
  const viewer = await requireOperator();
  const accounts = await listAccounts({ db: runtime().db, now: new Date(), actor: viewer.email });
  return (
    <>
      <RefreshWhile underWay intervalMs={REFRESH_MS} />
      <OpsHead title="Accounts">All accounts of the platform. Times are {OPS_TIME_ZONE}.</OpsHead>
      {accounts.length > 0 ? (
        <DataTable caption="Accounts" columns={COLUMNS} rows={accounts} rowKey={(account) => account.accountId} />
      ) : (
        <Empty title="There are no accounts yet.">They show here as soon as the first one is opened.</Empty>
      )}
    </>
  );
}
