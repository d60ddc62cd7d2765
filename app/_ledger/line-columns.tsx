import Link from "next/link";
import { z } from "zod";
import type { Column } from "@/app/_ui/data-table";
import { Time } from "@/app/_ui/time";
import { MS_PER_HOUR, runningMs } from "@/lib/billing/burn";
import type { ChargedEvent, ChargedInterval, ChargedUsage } from "@/lib/credits/explain-line";
import type { LinkedLine } from "@/lib/credits/list-linked-lines";
import { formatCount, formatRate, KIND_TITLES } from "@/lib/format";
import { COMPONENT_TITLES, exactCredits, LEDGER_KIND_TITLES, signedCredits } from "./ledger-words";

/** Seconds to the millisecond, as it is charged: "1,234.567 s". */
function seconds(ms: number): string {
  const fraction = (ms % 1_000).toString().padStart(3, "0");
  return `${formatCount(Math.floor(ms / 1_000))}.${fraction} s`;
}

export const usageColumns = (timeZone: string): Column<ChargedUsage>[] => [
  {
    title: "Resource",
    cell: (row) => (
      <>
        <span className="font-medium">{row.name || `Resource ${row.resourceId}`}</span>
        <span className="label block whitespace-nowrap">
          {row.kind === "workflow"
            ? KIND_TITLES.workflow.one
            : `${KIND_TITLES[row.kind].one}, ${COMPONENT_TITLES[row.component]}`}
        </span>
      </>
    ),
  },
  { title: "Hour from", cell: (row) => <Time at={row.hour} timeZone={timeZone} /> },
  {
    title: "Amount",
    align: "right",
    cell: (row) => <span className="whitespace-nowrap">{amountOf(row)}</span>,
  },
  { title: "Credits", align: "right", cell: (row) => signedCredits(-row.creditsMicro) },
];

function amountOf(row: ChargedUsage): string {
  if (row.runningMs !== 0) return seconds(Math.abs(row.runningMs));
  if (row.quantity === 0) return "–";
  return row.kind === "workflow"
    ? row.quantity === 1
      ? "1 run"
      : `${formatCount(row.quantity)} runs`
    : formatCount(row.quantity);
}

export const intervalColumns = (timeZone: string): Column<ChargedInterval>[] => [
  { title: "Pod", cell: (row) => <span className="font-mono text-xs whitespace-nowrap">{row.podUid}</span> },
  { title: "Started", cell: (row) => <Time at={row.startedAt} timeZone={timeZone} seconds /> },
  {
    title: "Ended",
    cell: (row) => (row.endedAt ? <Time at={row.endedAt} timeZone={timeZone} seconds /> : "runs"),
  },
  { title: "Hour from", cell: (row) => <Time at={row.hour} timeZone={timeZone} /> },
  {
    title: "Time in the hour",
    align: "right",
    cell: (row) => <span className="whitespace-nowrap">{seconds(msInHour(row))}</span>,
  },
  { title: "Price per hour", align: "right", cell: (row) => formatRate(row.rateMicroPerHour) },
  { title: "Credits", align: "right", cell: (row) => exactCredits(row.creditsMicro) },
];

function msInHour({ rateMicroPerHour, startedAt, endedAt, hour }: ChargedInterval): number {
  const interval = { rateMicroPerHour, startedAtMs: startedAt.getTime(), endedAtMs: endedAt?.getTime() ?? null };
  return runningMs(interval, hour.getTime(), hour.getTime() + MS_PER_HOUR);
}

export const eventColumns = (timeZone: string): Column<ChargedEvent>[] => [
  {
    title: "What",
    cell: (event) => (
      <>
        <span className="font-mono text-xs break-all">{event.key}</span>
        <Inputs detail={event.detail} />
      </>
    ),
  },
  { title: "When", cell: (event) => <Time at={event.occurredAt} timeZone={timeZone} seconds /> },
  { title: "Runs", align: "right", cell: (event) => formatCount(event.runs) },
  { title: "Credits", align: "right", cell: (event) => exactCredits(event.creditsMicro) },
];

/** The formula of a charge and what went into it, as they were when it was made (P2). */
function Inputs({ detail }: { detail: unknown }) {
  const inputs = z.record(z.string(), z.unknown()).safeParse(detail).data ?? {};
  return Object.entries(inputs).map(([name, value]) => (
    <span key={name} className="label block break-words">
      {name.replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)}:{" "}
      {typeof value === "string" ? value : JSON.stringify(value)}
    </span>
  ));
}

export const linkedColumns = (path: string, timeZone: string): Column<LinkedLine>[] => [
  {
    title: "Line",
    cell: (other) => (
      <>
        <Link href={`${path}/${other.seq}`} className="link font-medium whitespace-nowrap">
          <span className="figures">{other.seq}</span> {LEDGER_KIND_TITLES[other.kind]}
        </Link>
        {other.reason && <span className="label block break-words">{other.reason}</span>}
      </>
    ),
  },
  { title: "Written", cell: (other) => <Time at={other.at} timeZone={timeZone} seconds /> },
  { title: "Credits on these hours", align: "right", cell: (other) => signedCredits(other.creditsMicro) },
];
