import type { Metadata } from "next";
import Link from "next/link";
import { DeploymentTable } from "@/app/_deployments/deployment-table";
import { readOwnBalance } from "@/app/_live/read-own-balance";
import { RefreshWhile } from "@/app/_live/refresh-while";
import { buttonClass } from "@/app/_ui/button";
import { Empty } from "@/app/_ui/empty";
import { PageHead } from "@/app/_ui/page-head";
import { canManage, requireAccount } from "@/lib/auth/viewer";
import { type DeploymentView, listDeployments } from "@/lib/deployments/list-deployments";
import { formatCount } from "@/lib/format";
import { runtime } from "@/lib/runtime";
import { undeployOwn } from "./actions";

export const metadata: Metadata = { title: "Deployments" };

/** Ended deployments that are shown unless all are asked for. */
const ENDED_SHOWN = 10;

type Query = { ended?: string | string[] };

export default async function DeploymentsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const viewer = await requireAccount();
  const own = await readOwnBalance();
  if (!own) return null;
  const { balance, context } = own;
  const { platform } = runtime();
  const showAll = (await searchParams).ended === "all";
  const deployments = await listDeployments(context, balance.untilMs);
  const live = deployments.filter((deployment) => !hasEnded(deployment));
  const ended = deployments.filter(hasEnded).sort((a, b) => Number(b.endedAt ?? 0) - Number(a.endedAt ?? 0));
  const mayManage = canManage(viewer.account.role);
  const shared = {
    timeZone: balance.timeZone,
    untilMs: balance.untilMs,
    credits: viewer.account.mayViewBilling ? ("shown" as const) : null,
    programTitles: Object.fromEntries(platform.programs().map((program) => [program.id, program.title])),
  };
  const deployLink = (
    <Link href="/deployments/new" className={buttonClass("primary")}>
      Deploy
    </Link>
  );
  return (
    <>
      <RefreshWhile underWay={live.some(({ status }) => status === "deploying" || status === "stopping")} />
      <PageHead title="Deployments" actions={mayManage && live.length > 0 ? deployLink : undefined}>
        What runs now, and what ran before. Replicas here are {platform.label}. Times are those of {balance.timeZone}.
      </PageHead>
      {live.length > 0 ? (
        <DeploymentTable
          {...shared}
          deployments={live}
          caption="Deployments that run"
          undeploy={mayManage ? undeployOwn : null}
        />
      ) : (
        <Empty title="Nothing runs at the moment." action={mayManage ? deployLink : undefined}>
          Nothing that runs costs nothing. Choose a script, a model or another program and the hardware for it; the page
          says what it costs per hour before you deploy.
        </Empty>
      )}
      {ended.length > 0 && (
        <section aria-labelledby="ended" className="mt-12">
          <div className="mb-4 flex flex-wrap items-baseline justify-between gap-3">
            <h2 id="ended" className="text-lg font-semibold tracking-tight">
              Ended
            </h2>
            {ended.length > ENDED_SHOWN && (
              <Link href={showAll ? "/deployments" : "/deployments?ended=all"} scroll={false} className="link text-sm">
                {showAll ? `Show the last ${ENDED_SHOWN}` : `Show all ${formatCount(ended.length)}`}
              </Link>
            )}
          </div>
          <DeploymentTable
            {...shared}
            deployments={showAll ? ended : ended.slice(0, ENDED_SHOWN)}
            caption="Deployments that have ended"
            undeploy={null}
          />
        </section>
      )}
    </>
  );
}

const hasEnded = ({ status }: DeploymentView) => status === "undeployed" || status === "failed";
