import type { Column } from "@/app/_ui/data-table";
import { Time } from "@/app/_ui/time";
import type { LedgerKind } from "@/lib/billing/ledger";
import type { LedgerLine } from "@/lib/credits/list-ledger";
import { formatCount, formatRate } from "@/lib/format";
import { OPS_TIME_ZONE } from "../../ops-head";

const KINDS: Record<LedgerKind, string> = {
  grant: "Grant",
  expiry: "Expiry",
  settlement: "Settlement",
  usage: "Usage",
  late_usage: "Late usage",
  event: "Events",
  correction: "Correction",
};

const signed = (amount: bigint, format: (amount: bigint) => string) =>
  amount === 0n ? "–" : amount > 0n ? `+${format(amount)}` : format(amount);

export const LEDGER_COLUMNS: Column<LedgerLine>[] = [
  { title: "Line", cell: (line) => <span className="figures">{line.seq}</span> },
  { title: "Written", cell: (line) => <Time at={line.at} timeZone={OPS_TIME_ZONE} seconds /> },
  {
    title: "What",
    cell: (line) => (
      <>
        <span className="font-medium">{KINDS[line.kind]}</span>
        {line.periodFrom && line.periodTo && (
          <span className="label block">
            <Time at={line.periodFrom} timeZone={OPS_TIME_ZONE} /> to{" "}
            <Time at={line.periodTo} timeZone={OPS_TIME_ZONE} />
          </span>
        )}
        {line.reason && <span className="label block max-w-xs break-words">{line.reason}</span>}
        {line.actor && <span className="label block">{line.actor}</span>}
      </>
    ),
  },
  { title: "Credits", align: "right", cell: (line) => signed(line.creditsMicro, formatRate) },
  { title: "Balance after", align: "right", cell: (line) => formatRate(line.balanceAfterMicro) },
  { title: "Runs", align: "right", cell: (line) => signed(line.runs, formatCount) },
  { title: "Runs after", align: "right", cell: (line) => formatCount(line.runsAfter) },
];
