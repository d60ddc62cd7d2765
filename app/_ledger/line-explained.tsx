import Link from "next/link";
import type { ReactNode } from "react";
import { DataTable } from "@/app/_ui/data-table";
import { Card } from "@/app/_ui/surface";
import { Time } from "@/app/_ui/time";
import { formatCount, formatRate } from "@/lib/format";
import type { LedgerAccount } from "./ledger-account";
import {
  exactCredits,
  GRANT_KIND_TITLES,
  LEDGER_KIND_MEANINGS,
  LEDGER_KIND_TITLES,
  signedCredits,
  signedRuns,
} from "./ledger-words";
import { eventColumns, intervalColumns, linkedColumns, usageColumns } from "./line-columns";
import type { ExplainedLine } from "./read-line";

/** A line, and what is behind it: usage, intervals with pod and price, counted things, grants, other lines on the same hours (C6). */
export function LineExplained({ account, explained }: { account: LedgerAccount; explained: ExplainedLine }) {
  const { timeZone, path } = account;
  const { line, usage, intervals, events, takenFrom, linked } = explained;
  const linkedMicro = linked.reduce((sum, other) => sum + other.creditsMicro, 0n);
  const takenMicro = takenFrom.reduce((sum, part) => sum + part.creditsMicro, 0n);
  const isEvent = line.kind === "event";
  const charged = line.kind === "correction" ? "Given back" : "Charged";
  return (
    <>
      <LineFacts account={account} explained={explained} />
      {usage.length > 0 && (
        <Section title={charged} note="By resource and hour. The rows add up to the line.">
          <DataTable
            caption={`${charged} by resource and hour`}
            columns={usageColumns(timeZone)}
            rows={usage}
            rowKey={(row) => `${row.hour.getTime()}-${row.deploymentId}-${row.resourceId}-${row.component}`}
          />
        </Section>
      )}
      {intervals.length > 0 && (
        <Section
          title="Intervals"
          note={
            line.kind === "usage"
              ? "When each pod ran in that hour, and at what price. Price × time, to the millisecond, rounded down to a millionth over the whole interval."
              : "All that is on record for the hours above: when each pod ran, and at what price. Together with the other lines below they make up what these hours cost."
          }
        >
          <DataTable
            caption="Intervals"
            columns={intervalColumns(timeZone)}
            rows={intervals}
            rowKey={(row) => `${row.hour.getTime()}-${row.podUid}-${row.startedAt.getTime()}`}
          />
        </Section>
      )}
      {events.length > 0 && (
        <Section title="Counted things" note="Each counts once, by its key.">
          <DataTable
            caption="Counted things"
            columns={eventColumns(timeZone)}
            rows={events}
            rowKey={(event) => event.key}
          />
        </Section>
      )}
      {takenFrom.length > 0 && (
        <Section
          title="Taken from"
          note={`Grants are used up soonest-expiring first, those that never expire last.${
            takenMicro < -line.creditsMicro ? " What was given back since is not in it." : ""
          }`}
        >
          <DataTable
            caption="Grants that it was taken from"
            columns={[
              {
                title: "Grant",
                cell: (part) => (
                  <>
                    {part.kind ? GRANT_KIND_TITLES[part.kind] : "No grant: owed"}
                    <span className="label block">
                      {part.grantId === null
                        ? "The next cycle's grant or a top-up pays it."
                        : (part.reason ?? `Grant ${part.grantId}`)}
                    </span>
                  </>
                ),
              },
              { title: "Credits", align: "right", cell: (part) => exactCredits(part.creditsMicro) },
            ]}
            rows={takenFrom}
            rowKey={(part) => part.grantId ?? "owed"}
          />
        </Section>
      )}
      {linked.length > 0 && (
        <Section
          title={isEvent ? "Corrections" : "Other lines on the same hours"}
          note={`All together, this cost ${exactCredits(-(line.creditsMicro + linkedMicro))} credits.`}
        >
          <DataTable
            caption="Other lines on the same hours"
            columns={linkedColumns(path, timeZone)}
            rows={linked}
            rowKey={(other) => other.seq}
          />
        </Section>
      )}
    </>
  );
}

function LineFacts({ account, explained: { line } }: { account: LedgerAccount; explained: ExplainedLine }) {
  const { timeZone, path, operatorOf } = account;
  return (
    <Card className="p-5 sm:p-6">
      <h2 className="text-base font-semibold">{LEDGER_KIND_TITLES[line.kind]}</h2>
      <p className="label">{LEDGER_KIND_MEANINGS[line.kind]}</p>
      <dl className="mt-4 grid border-t border-line text-sm md:grid-cols-2 md:gap-x-10">
        <Fact name="Credits" strong>
          {signedCredits(line.creditsMicro)}
        </Fact>
        <Fact name="Balance after">{exactCredits(line.balanceAfterMicro)}</Fact>
        <Fact name="Runs">{signedRuns(line.runs)}</Fact>
        <Fact name="Runs after">{formatCount(line.runsAfter)}</Fact>
        <Fact name="Written">
          <Time at={line.at} timeZone={timeZone} seconds />
        </Fact>
        <Fact name="In effect from">
          <Time at={line.effectiveAt} timeZone={timeZone} seconds />
        </Fact>
        {line.periodFrom && line.periodTo && (
          <Fact name="For">
            <Time at={line.periodFrom} timeZone={timeZone} /> to <Time at={line.periodTo} timeZone={timeZone} />
          </Fact>
        )}
        {line.debtPaidMicro !== null && <Fact name="Debt paid">{formatRate(line.debtPaidMicro)}</Fact>}
        {line.correctsSeq !== null && (
          <Fact name="Corrects">
            <Link href={`${path}/${line.correctsSeq}`} className="link">
              Line {line.correctsSeq}
            </Link>
          </Fact>
        )}
        {line.reason && <Fact name="Reason">{line.reason}</Fact>}
        {operatorOf && line.actor && <Fact name="By">{line.actor}</Fact>}
      </dl>
    </Card>
  );
}

function Fact({ name, strong, children }: { name: string; strong?: boolean; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4 border-b border-line py-2.5">
      <dt className="shrink-0 text-ink-soft">{name}</dt>
      <dd className={`figures min-w-0 text-right break-words ${strong ? "font-semibold" : ""}`}>{children}</dd>
    </div>
  );
}

export function Section({ title, note, children }: { title: string; note: string; children: ReactNode }) {
  return (
    <section className="mt-10">
      <h2 className="text-lg font-semibold tracking-tight">{title}</h2>
      <p className="label mb-4 max-w-2xl">{note}</p>
      {children}
    </section>
  );
}
