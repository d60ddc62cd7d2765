"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import type { UndeployState } from "@/app/_deployments/undeploy-button";
import { sayError } from "@/app/_shell/say-error";
import { speedUp } from "@/app/_shell/speed-up";
import { accountContext, canManage, requireAccount } from "@/lib/auth/viewer";
import { createDeployment, deploymentInput } from "@/lib/deployments/create-deployment";
import { undeploy } from "@/lib/deployments/undeploy";
import { runtime } from "@/lib/runtime";
import { chosenProfile, type DeployState } from "./new/deploy-state";

const text = z.string().catch("");
const VIEWERS_MAY_NOT = "As a viewer you may look, but not deploy or undeploy. Ask an owner or admin of the account.";

/** Deploys, or shows the form again with what is wrong beside each field and everything as it was entered. */
export async function deploy(_before: DeployState, form: FormData): Promise<DeployState> {
  const viewer = await requireAccount();
  const { env, platform } = runtime();
  const programId = text.parse(form.get("programId"));
  const profiles = Object.fromEntries(
    [...form.entries()].filter(([name]) => name.startsWith("profileId.")).map(([name, value]) => [name, String(value)]),
  );
  const values = {
    name: text.parse(form.get("name")).slice(0, 200),
    programId,
    replicas: text.parse(form.get("replicas")).slice(0, 20),
    profiles,
  };
  if (!canManage(viewer.account.role)) return { values, message: VIEWERS_MAY_NOT, errors: {} };

  const kind = platform.programs().find((program) => program.id === programId)?.kind;
  const input = deploymentInput.safeParse({
    name: form.get("name") ?? "",
    programId,
    replicas: form.get("replicas") || undefined,
    profileId: kind ? chosenProfile(profiles, kind) : "",
  });
  if (!input.success) {
    return {
      values,
      message: "Nothing was deployed yet. Correct what is marked below.",
      errors: z.flattenError(input.error).fieldErrors,
    };
  }
  try {
    const { deploymentId } = await createDeployment(accountContext(viewer), input.data, {
      programs: platform.programs(),
      supportEmail: env.SUPPORT_EMAIL,
    });
    await speedUp("deployment.apply", { accountId: viewer.account.accountId, deploymentId });
  } catch (error) {
    return { values, message: sayError(error, "deploy"), errors: {} };
  }
  redirect("/deployments");
}

export async function undeployOwn(_before: UndeployState, form: FormData): Promise<UndeployState> {
  const viewer = await requireAccount();
  if (!canManage(viewer.account.role)) return { message: VIEWERS_MAY_NOT };
  try {
    const deploymentId = z.coerce.number().int().parse(form.get("deploymentId"));
    await undeploy(accountContext(viewer), { deploymentId, reason: "user" });
    await speedUp("sweep.due", {});
  } catch (error) {
    return { message: sayError(error, "undeploy") };
  }
  revalidatePath("/deployments");
  return { message: null };
}
