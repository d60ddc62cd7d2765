import Link from "next/link";
import type { Column } from "@/app/_ui/data-table";
import { Time } from "@/app/_ui/time";
import type { StopView } from "@/lib/enforcement/list-stops";
import { formatCredits } from "@/lib/format";
import { OPS_TIME_ZONE } from "./ops-head";

const REASONS = { limit: "Negative limit", user: "By a member", operator: "By an operator" } as const;
const STATES: Record<StopView["state"], { word: string; look: string }> = {
  requested: { word: "Requested", look: "text-warn" },
  stopping: { word: "Stopping", look: "text-warn" },
  stopped: { word: "Stopped", look: "" },
  failed: { word: "Failed, tried again", look: "text-bad" },
  cancelled: { word: "Taken back", look: "text-ink-soft" },
};

export const STOP_COLUMNS: Column<StopView>[] = [
  {
    title: "Deployment",
    cell: (stop) => (
      <>
        <span className="font-medium">{stop.deploymentName}</span>
        <span className="label block">Order {stop.stopOrderId}</span>
      </>
    ),
  },
  {
    title: "Reason",
    cell: (stop) => (
      <>
        <span className="whitespace-nowrap">{REASONS[stop.reason]}</span>
        {stop.reason !== "limit" && <span className="label block">{stop.actor}</span>}
      </>
    ),
  },
  { title: "State", cell: (stop) => <span className={STATES[stop.state].look}>{STATES[stop.state].word}</span> },
  { title: "Requested", cell: (stop) => <Time at={stop.requestedAt} timeZone={OPS_TIME_ZONE} seconds /> },
  {
    title: "Gone",
    cell: (stop) => (stop.stoppedAt ? <Time at={stop.stoppedAt} timeZone={OPS_TIME_ZONE} seconds /> : "–"),
  },
  {
    title: "Past the limit",
    align: "right",
    cell: (stop) =>
      stop.overshootMs === null ? (
        "–"
      ) : (
        <>
          <span className="whitespace-nowrap">{(stop.overshootMs / 1000).toFixed(3)} s</span>
          <span className="label block whitespace-nowrap">{formatCredits(stop.overshootMicro ?? 0n, 6)} credits</span>
        </>
      ),
  },
  {
    title: "Attempts",
    align: "right",
    cell: (stop) => (
      <>
        {stop.attempts}
        {stop.lastError && <span className="block max-w-xs text-left text-sm text-bad">{stop.lastError}</span>}
      </>
    ),
  },
];

export const STOP_ACCOUNT_COLUMN: Column<StopView> = {
  title: "Account",
  cell: (stop) => (
    <Link href={`/ops/accounts/${stop.accountPublicId}`} className="link whitespace-nowrap">
      {stop.accountName}
    </Link>
  ),
};
