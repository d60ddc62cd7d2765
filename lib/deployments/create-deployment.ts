import { sql } from "drizzle-orm";
import { z } from "zod";
import { decideDeploy } from "@/lib/billing/gate";
import type { AccountContext } from "@/lib/context";
import { gateStateOf, readBalance } from "@/lib/credits/read-balance";
import { assertAllowed } from "@/lib/credits/refusals";
import { at, firstRow, id } from "@/lib/db/rows";
import { listProfiles } from "@/lib/deployments/list-profiles";
import { PodmeterError } from "@/lib/errors";
import type { Program } from "@/lib/platform/platform";

/** How long a pod has, after its signal, to end by itself (E5). */
const GRACE_SECONDS = 5;

export const deploymentInput = z.object({
  name: z
    .string()
    .trim()
    .min(1, "Give it a name.")
    .max(60, "The name may have at most 60 characters.")
    .regex(
      /^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u,
      "A name begins with a letter or a digit, and has only letters, digits, spaces, dots, dashes and underscores.",
    ),
  programId: z.string().max(60),
  profileId: z.string().max(60),
  replicas: z.coerce
    .number("Give the number of replicas.")
    .int("Replicas are whole.")
    .min(1, "At least 1 replica.")
    .max(20, "At most 20 replicas."),
});

export type DeploymentInput = z.input<typeof deploymentInput>;

/**
 * Deploys a program, if the gate allows it (A2, A4, E4). The decision and what it rests on are one: when the account changed in
 * between, it is asked again. Only writes what is wanted; the worker makes it so.
 */
export async function createDeployment(
  ctx: AccountContext,
  raw: DeploymentInput,
  options: { programs: readonly Program[]; supportEmail: string },
): Promise<{ deploymentId: number }> {
  const input = deploymentInput.parse(raw);
  const program = options.programs.find((candidate) => candidate.id === input.programId);
  if (!program) throw new PodmeterError("invalid_input", "There is no such script or model. Choose one from the list.");
  const profile = (await listProfiles(ctx)).find(
    (candidate) => candidate.profileId === input.profileId && candidate.kind === program.kind,
  );
  if (!profile)
    throw new PodmeterError(
      "invalid_input",
      `There is no such hardware for a ${program.kind}. Choose one from the list.`,
    );

  for (let attempt = 0; attempt < 10; attempt++) {
    const balance = await readBalance(ctx);
    assertAllowed(decideDeploy(program.kind, gateStateOf(balance)), options.supportEmail);
    const row = await firstRow(
      ctx.db,
      z.object({ deployment_id: id.nullable() }),
      sql`select create_deployment(${ctx.accountId}, ${balance.version}, ${program.kind}, ${input.name}, ${program.id}, ${program.language},
        ${profile.profileId}, ${input.replicas}, ${GRACE_SECONDS}, ${ctx.actor}, ${at(ctx.now)}) as deployment_id`,
    );
    if (row?.deployment_id) return { deploymentId: row.deployment_id };
  }
  throw new PodmeterError("conflict", "The account is changing too fast to decide. Nothing was deployed; try again.");
}
