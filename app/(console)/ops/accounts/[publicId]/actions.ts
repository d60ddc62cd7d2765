"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { UndeployState } from "@/app/_deployments/undeploy-button";
import { sayError } from "@/app/_shell/say-error";
import { speedUp } from "@/app/_shell/speed-up";
import { findAccount } from "@/lib/accounts/list-accounts";
import { operatorContext, requireOperator, type Viewer } from "@/lib/auth/viewer";
import type { AccountContext } from "@/lib/context";
import { readBalance } from "@/lib/credits/read-balance";
import { topUp, topUpInput } from "@/lib/credits/top-up";
import { undeploy } from "@/lib/deployments/undeploy";
import { formatCount, formatRate } from "@/lib/format";
import { runtime } from "@/lib/runtime";

const text = z.string().catch("");

/** `ref` is of the next top-up: a form sent twice adds once. */
export type TopUpState = {
  values: { credits: string; runs: string; reason: string };
  ref: string;
  done: string | null;
  message: string | null;
  errors: Partial<Record<"credits" | "runs" | "reason" | "ref", string[]>>;
};

export async function addCredits(before: TopUpState, form: FormData): Promise<TopUpState> {
  const viewer = await requireOperator();
  const values = {
    credits: text.parse(form.get("credits")).slice(0, 100),
    runs: text.parse(form.get("runs")).slice(0, 100),
    reason: text.parse(form.get("reason")).slice(0, 2_000),
  };
  const again = { ...before, values, done: null, message: null, errors: {} };
  const input = topUpInput.safeParse({ ...values, ref: form.get("ref") });
  if (!input.success) {
    return {
      ...again,
      message: "Nothing was added yet. Correct what is marked below.",
      errors: z.flattenError(input.error).fieldErrors,
    };
  }
  try {
    const context = await contextOf(viewer, form);
    const { added, stopsCancelled } = await topUp(context, { ...values, ref: input.data.ref });
    await speedUp("sweep.due", {});
    const balance = await readBalance(context);
    revalidatePath("/ops", "layout");
    const now = `The balance is now ${formatRate(balance.remainingMicro)} credits and ${formatCount(balance.runsRemaining)} runs.`;
    const taken =
      stopsCancelled > 0 ? ` ${stopsCancelled === 1 ? "A stop was" : `${stopsCancelled} stops were`} taken back.` : "";
    return {
      values: { credits: "", runs: "", reason: "" },
      ref: crypto.randomUUID(),
      done: added ? `Added. ${now}${taken}` : `This was added before, so nothing was added again. ${now}`,
      message: null,
      errors: {},
    };
  } catch (error) {
    return { ...again, message: sayError(error, "add credits") };
  }
}

export async function stopAsOperator(_before: UndeployState, form: FormData): Promise<UndeployState> {
  const viewer = await requireOperator();
  try {
    const deploymentId = z.coerce.number().int().parse(form.get("deploymentId"));
    await undeploy(await contextOf(viewer, form), { deploymentId, reason: "operator" });
    await speedUp("sweep.due", {});
  } catch (error) {
    return { message: sayError(error, "stop a deployment") };
  }
  revalidatePath("/ops", "layout");
  return { message: null };
}

async function contextOf(viewer: Viewer, form: FormData): Promise<AccountContext> {
  const { accountId } = await findAccount(
    { db: runtime().db, now: new Date(), actor: viewer.email },
    text.parse(form.get("accountPublicId")),
  );
  return operatorContext(viewer, accountId);
}
