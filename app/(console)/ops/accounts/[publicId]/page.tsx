import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { DeploymentTable } from "@/app/_deployments/deployment-table";
import { RefreshWhile } from "@/app/_live/refresh-while";
import { CopyButton } from "@/app/_ui/copy-button";
import { DataTable } from "@/app/_ui/data-table";
import { Card } from "@/app/_ui/surface";
import { Time } from "@/app/_ui/time";
import { findAccount } from "@/lib/accounts/list-accounts";
import { operatorContext, requireOperator, type Viewer } from "@/lib/auth/viewer";
import { runwayOf } from "@/lib/billing/forecast";
import type { AccountContext } from "@/lib/context";
import { listLedger } from "@/lib/credits/list-ledger";
import { type AccountBalance, readBalance } from "@/lib/credits/read-balance";
import { listDeployments } from "@/lib/deployments/list-deployments";
import { listStops } from "@/lib/enforcement/list-stops";
import { PodmeterError } from "@/lib/errors";
import { formatCount, formatPercent, formatRate } from "@/lib/format";
import { runtime } from "@/lib/runtime";
import { OPS_TIME_ZONE, OpsHead } from "../../ops-head";
import { STOP_COLUMNS } from "../../stop-columns";
import { stopAsOperator } from "./actions";
import { LEDGER_COLUMNS } from "./ledger-columns";
import { TopUpForm } from "./top-up-form";

export const metadata: Metadata = { title: "Account" };

const LEDGER_LINES = 15;
const STOPS_READ = 200;
const STOPS_SHOWN = 10;
const ENDED_SHOWN = 5;
const REFRESH_MS = 3_000;

export default async function AccountPage({ params }: { params: Promise<{ publicId: string }> }) {
  const viewer = await requireOperator();
  const { publicId } = await params;
  const context = await contextOf(viewer, publicId);
  const balance = await readBalance(context);
  const [deployments, ledger, stops] = await Promise.all([
    listDeployments(context, balance.untilMs),
    listLedger(context, LEDGER_LINES),
    listStops(context, STOPS_READ),
  ]);
  const { platform } = runtime();
  const ofAccount = stops.filter((stop) => stop.accountId === context.accountId).slice(0, STOPS_SHOWN);
  const live = deployments.filter(({ status }) => status !== "undeployed" && status !== "failed");
  const ended = deployments.filter((deployment) => !live.includes(deployment)).slice(0, ENDED_SHOWN);
  return (
    <>
      <RefreshWhile underWay intervalMs={REFRESH_MS} />
      <OpsHead
        title={balance.name}
        actions={
          <>
            <span className="font-mono text-[0.8125rem]">{publicId}</span>
            <CopyButton text={publicId} what="the account id" />
          </>
        }
      >
        {balance.planName} plan, time zone {balance.timeZone}. Times here are {OPS_TIME_ZONE}.
      </OpsHead>
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <BalanceCard balance={balance} />
        <Card className="p-5 sm:p-6">
          <TopUpForm accountPublicId={publicId} formRef={crypto.randomUUID()} />
        </Card>
      </div>
      <Section title="Deployments" note={`Replicas are ${platform.label}.`}>
        {deployments.length === 0 && <p className="text-ink-soft">Nothing was ever deployed.</p>}
        {deployments.length > 0 && (
          <DeploymentTable
            deployments={[...live, ...ended]}
            caption="Deployments"
            timeZone={OPS_TIME_ZONE}
            untilMs={balance.untilMs}
            credits="shown"
            undeploy={stopAsOperator}
            accountPublicId={publicId}
            programTitles={Object.fromEntries(platform.programs().map((program) => [program.id, program.title]))}
          />
        )}
      </Section>
      <Section title="Stops" note={`The last ${STOPS_SHOWN}, with what passed beyond the negative limit.`}>
        {ofAccount.length > 0 ? (
          <DataTable caption="Stops" columns={STOP_COLUMNS} rows={ofAccount} rowKey={(stop) => stop.stopOrderId} />
        ) : (
          <p className="text-ink-soft">Nothing of this account was stopped lately.</p>
        )}
      </Section>
      <Section title="Ledger" note={`The last ${LEDGER_LINES} lines.`}>
        <DataTable caption="Ledger" columns={LEDGER_COLUMNS} rows={ledger} rowKey={(line) => line.seq} />
      </Section>
    </>
  );
}

/** For an id that nobody has there is no such page. */
async function contextOf(viewer: Viewer, publicId: string): Promise<AccountContext> {
  try {
    const { accountId } = await findAccount({ db: runtime().db, now: new Date(), actor: viewer.email }, publicId);
    return operatorContext(viewer, accountId);
  } catch (error) {
    if (error instanceof PodmeterError && error.code === "not_found") notFound();
    throw error;
  }
}

function BalanceCard({ balance }: { balance: AccountBalance }) {
  const runway = runwayOf(balance.state, balance.negativeLimitMicro, balance.untilMs);
  const usedMicro = balance.grantedMicro - balance.remainingMicro;
  const instant = (atMs: number | null) =>
    atMs === null ? "not at this rate" : <Time at={new Date(atMs)} timeZone={OPS_TIME_ZONE} seconds />;
  return (
    <Card className="p-5 sm:p-6">
      <h2 className="label">Credits left</h2>
      <p className="figures mt-1 flex flex-wrap items-baseline gap-x-2">
        <span className="text-[2rem] leading-10 font-semibold tracking-tight">
          {formatRate(balance.remainingMicro)}
        </span>
        <span className="text-ink-soft">of {formatRate(balance.grantedMicro)}</span>
      </p>
      <dl className="mt-4 grid border-t border-line text-sm sm:grid-cols-2 sm:gap-x-8">
        <Row name="Used">{formatPercent(usedMicro, balance.grantedMicro)}</Row>
        <Row name="Workflow runs left">
          {formatCount(balance.runsRemaining)} of {formatCount(balance.runsGranted)}
        </Row>
        <Row name="Negative limit">{formatRate(-balance.negativeLimitMicro)}</Row>
        <Row name="Deploy floor">{formatRate(balance.deployFloorMicro)}</Row>
        <Row name="Credits per hour">{formatRate(runway.burnRateMicroPerHour)}</Row>
        <Row name="Counted up to">{instant(balance.untilMs)}</Row>
        <Row name="Used up">{balance.remainingMicro <= 0n ? "already" : instant(runway.usedUpAtMs)}</Row>
        <Row name={balance.closedAt ? "Closed, all stopped" : "Everything stops"}>
          {instant(balance.closedAt?.getTime() ?? runway.stopAtMs)}
        </Row>
      </dl>
    </Card>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4 border-b border-line py-2.5">
      <dt className="text-ink-soft">{name}</dt>
      <dd className="figures text-right">{children}</dd>
    </div>
  );
}

function Section({ title, note, children }: { title: string; note: string; children: ReactNode }) {
  return (
    <section className="mt-12">
      <h2 className="text-lg font-semibold tracking-tight">{title}</h2>
      <p className="label mb-4">{note}</p>
      {children}
    </section>
  );
}
