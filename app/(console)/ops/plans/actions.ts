"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { sayError } from "@/app/_shell/say-error";
import { speedUp } from "@/app/_shell/speed-up";
import { findAccount } from "@/lib/accounts/list-accounts";
import { operatorContext, requireOperator } from "@/lib/auth/viewer";
import { assignPlan, changePlan, listPlans, planInput } from "@/lib/credits/change-plan";
import { formatCount } from "@/lib/format";
import { runtime } from "@/lib/runtime";
import type { AssignState } from "./assign-form";
import type { PlanState } from "./plan-form";

const text = z.string().catch("");
const field = (form: FormData, name: string) => text.parse(form.get(name)).slice(0, 200);

export async function setPlan(_before: PlanState, form: FormData): Promise<PlanState> {
  const viewer = await requireOperator();
  const values = {
    name: field(form, "name"),
    negativeLimit: field(form, "negativeLimit"),
    deployFloor: field(form, "deployFloor"),
    cycleCredits: field(form, "cycleCredits"),
    cycleRuns: field(form, "cycleRuns"),
  };
  const raw = { ...values, planId: field(form, "planId") };
  const again = { values, done: null, message: null, errors: {} };
  const input = planInput.safeParse(raw);
  if (!input.success) {
    return {
      ...again,
      message: "Nothing was changed yet. Correct what is marked below.",
      errors: z.flattenError(input.error).fieldErrors,
    };
  }
  try {
    const { accounts } = await changePlan({ db: runtime().db, now: new Date(), actor: viewer.email }, raw);
    await speedUp("sweep.due", {});
    revalidatePath("/", "layout");
    const whom = accounts === 1 ? "its one account" : `its ${formatCount(accounts)} accounts`;
    return { ...again, done: accounts === 0 ? "Changed. No account is on it yet." : `Changed, in force for ${whom}.` };
  } catch (error) {
    return { ...again, message: sayError(error, "change a plan") };
  }
}

export async function putOnPlan(_before: AssignState, form: FormData): Promise<AssignState> {
  const viewer = await requireOperator();
  const values = { accountPublicId: field(form, "accountPublicId").trim(), planId: field(form, "planId") };
  try {
    const context = { db: runtime().db, now: new Date(), actor: viewer.email };
    const { accountId } = await findAccount(context, values.accountPublicId);
    await assignPlan(operatorContext(viewer, accountId), values.planId);
    await speedUp("sweep.due", {});
    revalidatePath("/", "layout");
    const plan = (await listPlans(context)).find(({ planId }) => planId === values.planId);
    return {
      values: { accountPublicId: "", planId: values.planId },
      done: `${values.accountPublicId} is on the ${plan?.name ?? values.planId} plan now.`,
      message: null,
    };
  } catch (error) {
    return { values, done: null, message: sayError(error, "assign a plan") };
  }
}
