import { RunningCredits } from "@/app/_live/figures";
import { CopyButton } from "@/app/_ui/copy-button";
import { StatusBadge } from "@/app/_ui/status-badge";
import { Time } from "@/app/_ui/time";
import { MICRO_PER_CREDIT } from "@/lib/billing/amount";
import { STOPPED_MESSAGE } from "@/lib/billing/gate";
import type { DeploymentView } from "@/lib/deployments/list-deployments";
import { formatRate, KIND_TITLES } from "@/lib/format";
import { type UndeployAction, UndeployButton } from "./undeploy-button";

export type DeploymentTableProps = {
  deployments: DeploymentView[];
  caption: string;
  timeZone: string;
  /** Up to when the credits are counted, and from where they go on. */
  untilMs: number;
  /** Null where credits may not be seen (R1). */
  credits: "shown" | null;
  /** Null where nothing may be undeployed. */
  undeploy: UndeployAction | null;
  accountPublicId?: string;
  programTitles: Record<string, string>;
};

/** On a phone, each row is a card of its own: the cells stand under each other, each under its heading. */
const CELL =
  "px-4 py-3 align-top max-md:flex max-md:justify-between max-md:gap-4 max-md:py-1.5 md:first:pl-5 md:last:pr-5";

export function DeploymentTable(props: DeploymentTableProps) {
  const { deployments, caption, credits, undeploy } = props;
  return (
    <table className="w-full text-sm max-md:block md:rounded-[10px] md:bg-surface md:ring-1 md:ring-line">
      <caption className="sr-only">{caption}</caption>
      <thead className="text-left text-ink-soft max-md:hidden">
        <tr>
          <Head>Name</Head>
          <Head>Hardware</Head>
          <Head>Status</Head>
          {credits && <Head right>Credits so far</Head>}
          {undeploy && (
            <Head right>
              <span className="sr-only">Actions</span>
            </Head>
          )}
        </tr>
      </thead>
      {deployments.map((deployment) => (
        <DeploymentRows key={deployment.deploymentId} deployment={deployment} {...props} />
      ))}
    </table>
  );
}

function Head({ children, right }: { children: React.ReactNode; right?: boolean }) {
  return (
    <th scope="col" className={`px-4 py-3 font-medium first:pl-5 last:pr-5 ${right ? "text-right" : "text-left"}`}>
      {children}
    </th>
  );
}

function DeploymentRows({ deployment, ...props }: DeploymentTableProps & { deployment: DeploymentView }) {
  const { timeZone, untilMs, credits, undeploy, accountPublicId, programTitles } = props;
  const runs = deployment.status === "deploying" || deployment.status === "deployed";
  const answers = deployment.status === "deployed" && deployment.endpoint !== null;
  return (
    <tbody className="border-t border-line max-md:mb-3 max-md:block max-md:rounded-[10px] max-md:bg-surface max-md:py-2 max-md:ring-1 max-md:ring-line">
      <tr className="max-md:block">
        <th scope="row" className={`${CELL} text-left font-normal`}>
          <div className="min-w-0">
            <span className="block text-[0.9375rem] font-medium break-words">{deployment.name}</span>
            <span className="label block">
              {KIND_TITLES[deployment.kind].one}, {programTitles[deployment.programId] ?? deployment.programId}
            </span>
            {deployment.language && <span className="label block text-ink-faint">{deployment.language}</span>}
          </div>
        </th>
        <td className={CELL}>
          <CardLabel>Hardware</CardLabel>
          <div className="max-md:text-right">
            <span className="block whitespace-nowrap">{deployment.profileTitle}</span>
            <span className="label figures block">
              {deployment.replicas === 1 ? "1 replica" : `${deployment.replicas} replicas`}
            </span>
          </div>
        </td>
        <td className={CELL}>
          <CardLabel>Status</CardLabel>
          <div className="max-md:text-right">
            <StatusBadge status={deployment.status} />
            <StatusTime deployment={deployment} timeZone={timeZone} />
          </div>
        </td>
        {credits && (
          <td className={`${CELL} md:text-right`}>
            <CardLabel>Credits so far</CardLabel>
            <div className="text-right">
              <span className="block text-[0.9375rem] font-medium">
                <RunningCredits
                  creditsMicro={deployment.creditsMicro.toString()}
                  rateMicroPerHour={deployment.rateMicroPerHour.toString()}
                  sinceMs={untilMs}
                  digits={runs || deployment.creditsMicro < MICRO_PER_CREDIT ? 4 : 2}
                />
              </span>
              {deployment.rateMicroPerHour > 0n && (
                <span className="label figures block whitespace-nowrap">
                  {formatRate(deployment.rateMicroPerHour)} / hour
                </span>
              )}
            </div>
          </td>
        )}
        {undeploy && (
          <td className={`${CELL} text-right ${runs ? "" : "max-md:hidden"}`}>
            {runs && <UndeployButton action={undeploy} deployment={deployment} accountPublicId={accountPublicId} />}
          </td>
        )}
      </tr>
      {answers && deployment.endpoint && (
        <tr className="max-md:block">
          <td colSpan={5} className="px-4 pb-4 max-md:block md:px-5">
            <Endpoint endpoint={deployment.endpoint} name={deployment.name} />
          </td>
        </tr>
      )}
    </tbody>
  );
}

/** The column's heading, where there are no columns. */
function CardLabel({ children }: { children: string }) {
  return (
    <span aria-hidden="true" className="label md:hidden">
      {children}
    </span>
  );
}

function StatusTime({ deployment, timeZone }: { deployment: DeploymentView; timeZone: string }) {
  const { status, statusReason, deployedAt, endedAt, createdAt } = deployment;
  const ended = status === "undeployed" || status === "failed";
  return (
    <div className="label mt-1.5 space-y-0.5">
      {deployedAt && (
        <p>
          {ended ? "Deployed" : "Since"} <Time at={deployedAt} timeZone={timeZone} />
        </p>
      )}
      {!deployedAt && (
        <p>
          Asked for <Time at={createdAt} timeZone={timeZone} seconds={status === "deploying"} />
        </p>
      )}
      {ended && endedAt && (
        <p>
          Ended <Time at={endedAt} timeZone={timeZone} seconds={statusReason === "limit"} />
        </p>
      )}
      {statusReason && (
        <p className={`max-w-xs break-words ${statusReason === "limit" || status === "failed" ? "text-bad" : ""}`}>
          {statusReason === "limit" ? STOPPED_MESSAGE : sentence(statusReason)}
        </p>
      )}
    </div>
  );
}

const sentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

function Endpoint({ endpoint, name }: { endpoint: string; name: string }) {
  const isLink = /^https?:\/\//.test(endpoint);
  const command = `curl -sS '${endpoint}'`;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-md bg-sunken px-3 py-2">
      <span className="label">Endpoint</span>
      {isLink ? (
        <a href={endpoint} className="link font-mono text-[0.8125rem] break-all" target="_blank" rel="noreferrer">
          {endpoint}
          <span className="sr-only"> (opens in a new tab)</span>
        </a>
      ) : (
        <span className="font-mono text-[0.8125rem] break-all">{endpoint}</span>
      )}
      <span className="ml-auto flex min-w-0 items-center gap-2">
        <code className="min-w-0 font-mono text-[0.8125rem] break-all text-ink-soft">{command}</code>
        <CopyButton text={command} what={`the command that calls ${name}`} />
      </span>
    </div>
  );
}
