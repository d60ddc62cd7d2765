import type { Metadata } from "next";
import { Card } from "@/app/_ui/surface";
import { listAccounts } from "@/lib/accounts/list-accounts";
import { requireOperator } from "@/lib/auth/viewer";
import { listPlans } from "@/lib/credits/change-plan";
import { formatCount, formatRate } from "@/lib/format";
import { runtime } from "@/lib/runtime";
import { OpsHead } from "../ops-head";
import { AssignForm } from "./assign-form";
import { PlanForm } from "./plan-form";

export const metadata: Metadata = { title: "Plans" };

export default async function PlansPage() {
  const viewer = await requireOperator();
  const context = { db: runtime().db, now: new Date(), actor: viewer.email };
  const [plans, accounts] = await Promise.all([listPlans(context), listAccounts(context)]);
  return (
    <>
      <OpsHead title="Plans">
        What a billing cycle brings, how far below zero an account may go, and at what balance it may still deploy.
        Limits are in force at once; what a cycle brings, from each account&apos;s next cycle on.
      </OpsHead>
      <div className="grid items-start gap-5 md:grid-cols-2">
        {plans.map((plan) => (
          <Card key={plan.planId} className="p-5 sm:p-6">
            <PlanForm
              planId={plan.planId}
              accounts={plan.accounts === 1 ? "1 account" : `${formatCount(plan.accounts)} accounts`}
              values={{
                name: plan.name,
                negativeLimit: formatRate(plan.negativeLimitMicro),
                deployFloor: formatRate(plan.deployFloorMicro),
                cycleCredits: formatRate(plan.cycleCreditsMicro),
                cycleRuns: formatCount(plan.cycleRuns),
              }}
            />
          </Card>
        ))}
        <Card className="p-5 sm:p-6">
          <AssignForm
            plans={plans.map(({ planId, name }) => ({ planId, name }))}
            accounts={accounts.map(({ publicId, name, planName }) => ({
              publicId,
              title: `${name}, ${planName} plan`,
            }))}
          />
        </Card>
      </div>
    </>
  );
}
