import type { Metadata } from "next";
import { readOwnBalance } from "@/app/_live/read-own-balance";
import { refusalOf } from "@/app/_shell/refusal";
import { Empty } from "@/app/_ui/empty";
import { PageHead } from "@/app/_ui/page-head";
import { Refusal } from "@/app/_ui/refusal";
import { Card } from "@/app/_ui/surface";
import { Time } from "@/app/_ui/time";
import { canManage, requireAccount } from "@/lib/auth/viewer";
import { decideRun } from "@/lib/billing/gate";
import { gateStateOf } from "@/lib/credits/read-balance";
import { formatCount } from "@/lib/format";
import { listWorkflows, type WorkflowView } from "@/lib/workflows/list-workflows";
import { NewWorkflowForm } from "./new-workflow-form";
import { RunButton } from "./run-button";

export const metadata: Metadata = { title: "Workflows" };

export default async function WorkflowsPage() {
  const viewer = await requireAccount();
  const own = await readOwnBalance();
  if (!own) return null;
  const { balance, context } = own;
  const workflows = await listWorkflows(context);
  const refusal = refusalOf(decideRun(gateStateOf(balance), 1n));
  const mayManage = canManage(viewer.account.role);
  return (
    <>
      <PageHead title="Workflows">
        Each run takes one of your workflow runs
        {viewer.account.mayViewBilling && (
          <span className="figures">
            : {formatCount(balance.runsRemaining)} of {formatCount(balance.runsGranted)} are left
          </span>
        )}
        . Times are those of {balance.timeZone}.
      </PageHead>
      {refusal && <Refusal>{refusal}</Refusal>}
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        {workflows.length > 0 ? (
          <WorkflowTable
            workflows={workflows}
            timeZone={balance.timeZone}
            mayRun={mayManage}
            disabled={refusal !== null}
          />
        ) : (
          <Empty title="There are no workflows yet.">
            {mayManage ? "Make one, then run it: its runs show here and in the overview." : "Nobody has made one yet."}
          </Empty>
        )}
        {mayManage && (
          <Card className="p-5">
            <NewWorkflowForm />
          </Card>
        )}
      </div>
    </>
  );
}

function WorkflowTable({
  workflows,
  timeZone,
  mayRun,
  disabled,
}: {
  workflows: WorkflowView[];
  timeZone: string;
  mayRun: boolean;
  disabled: boolean;
}) {
  const cell = "px-4 py-3 first:pl-5 last:pr-5";
  return (
    <div className="overflow-hidden rounded-[10px] bg-surface ring-1 ring-line">
      <table className="w-full text-sm">
        <caption className="sr-only">Workflows</caption>
        <thead className="text-left text-ink-soft">
          <tr>
            <th scope="col" className={`${cell} font-medium`}>
              Name
            </th>
            <th scope="col" className={`${cell} text-right font-medium`}>
              Runs
            </th>
            <th scope="col" className={`${cell} font-medium max-sm:hidden`}>
              Last active
            </th>
            {mayRun && (
              <th scope="col" className={cell}>
                <span className="sr-only">Run</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-t border-line">
          {workflows.map((workflow) => (
            <tr key={workflow.resourceId}>
              <th scope="row" className={`${cell} text-left font-normal`}>
                <span className="block text-[0.9375rem] font-medium break-words">{workflow.name}</span>
                <span className="label block max-w-36 truncate sm:max-w-none">{workflow.ownerName}</span>
                <span className="label block sm:hidden">
                  <LastActive workflow={workflow} timeZone={timeZone} />
                </span>
              </th>
              <td className={`${cell} figures text-right text-[0.9375rem] font-medium`}>
                {formatCount(workflow.runs)}
              </td>
              <td className={`${cell} max-sm:hidden`}>
                <LastActive workflow={workflow} timeZone={timeZone} />
              </td>
              {mayRun && (
                <td className={cell}>
                  <RunButton workflow={workflow} formKey={crypto.randomUUID()} disabled={disabled} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LastActive({ workflow, timeZone }: { workflow: WorkflowView; timeZone: string }) {
  return workflow.lastActiveAt ? <Time at={workflow.lastActiveAt} timeZone={timeZone} /> : "never ran";
}
