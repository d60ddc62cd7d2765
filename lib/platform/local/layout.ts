import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { RESOURCE_KINDS } from "@/lib/billing/kinds";
import { PodmeterError } from "@/lib/errors";
import type { DeploymentRef, DeploymentSpec } from "@/lib/platform/platform";
import { absentAsUndefined, readIfThere, writeAtomically } from "./files";

// <podsDir>/<accountId>/gate-closed
// <podsDir>/<accountId>/<deploymentId>/spec.json, port.<replica>
// <podsDir>/<accountId>/<deploymentId>/r<replica>.<incarnation>/   one run of one replica, see run-records.ts
// All names that begin with a dot are passed over: not complete yet, or about to go.

const MAX_REPLICAS = 100;

const id = z.number().int().positive();

export const deploymentSpecSchema = z.object({
  accountId: id,
  deploymentId: id,
  name: z.string().min(1).max(1_000),
  kind: z.enum(RESOURCE_KINDS),
  programId: z.string().min(1).max(100),
  profileId: z.string().min(1).max(100),
  replicas: z.number().int().min(1).max(MAX_REPLICAS),
  graceSeconds: z.number().int().min(0).max(3_600),
}) satisfies z.ZodType<DeploymentSpec>;

const specFileSchema = z.object({
  wantedReplicas: z.number().int().min(0).max(MAX_REPLICAS),
  spec: deploymentSpecSchema,
});
type SpecFile = z.infer<typeof specFileSchema>;

export type DeploymentFolder = DeploymentRef & { dir: string };
export type RunFolder = DeploymentRef & { dir: string; replicaIndex: number; incarnation: number };

export function accountDir(podsDir: string, accountId: number): string {
  return join(podsDir, idName("account", accountId));
}

export function gateFile(podsDir: string, accountId: number): string {
  return join(accountDir(podsDir, accountId), "gate-closed");
}

export function deploymentFolder(podsDir: string, { accountId, deploymentId }: DeploymentRef): DeploymentFolder {
  const dir = join(accountDir(podsDir, accountId), idName("deployment", deploymentId));
  return { accountId, deploymentId, dir };
}

/** What comes from outside must not become part of a path unless it is a plain number. */
function idName(what: string, value: number): string {
  if (!id.safeParse(value).success) throw new PodmeterError("invalid_input", `There is no ${what} “${value}”.`);
  return String(value);
}

export async function listDeployments(podsDir: string): Promise<DeploymentFolder[]> {
  const found: DeploymentFolder[] = [];
  for (const accountId of await numbersIn(podsDir)) {
    for (const deploymentId of await numbersIn(accountDir(podsDir, accountId))) {
      found.push(deploymentFolder(podsDir, { accountId, deploymentId }));
    }
  }
  return found;
}

/** The runs of a deployment, oldest first; none for a deployment that nobody knows. */
export async function listRunFolders(deployment: DeploymentFolder): Promise<RunFolder[]> {
  const names = (await absentAsUndefined(readdir(deployment.dir))) ?? [];
  return names
    .flatMap((name) => {
      const [, replicaIndex, incarnation] = /^r(\d+)\.(\d+)$/.exec(name) ?? [];
      if (replicaIndex === undefined || incarnation === undefined) return [];
      const dir = join(deployment.dir, name);
      return [{ ...deployment, dir, replicaIndex: Number(replicaIndex), incarnation: Number(incarnation) }];
    })
    .sort((a, b) => a.replicaIndex - b.replicaIndex || a.incarnation - b.incarnation);
}

/** Undefined when there is none; throws when it is there and makes no sense. */
export async function readSpecFile(deployment: DeploymentFolder): Promise<SpecFile | undefined> {
  const path = join(deployment.dir, "spec.json");
  const content = await readIfThere(path);
  return content === undefined ? undefined : parseRecord(path, content, specFileSchema);
}

/** `wantedReplicas` stands first, on one line: the shim looks there before it starts a pod. */
export async function writeSpecFile(deployment: DeploymentFolder, file: SpecFile): Promise<void> {
  const { wantedReplicas, spec } = file;
  const path = join(deployment.dir, "spec.json");
  const content = `${JSON.stringify({ wantedReplicas, spec })}\n`;
  if ((await readIfThere(path)) !== content) await writeAtomically(path, content);
}

export function parseRecord<T>(path: string, content: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(content));
  } catch (cause) {
    throw brokenRecord(path, cause);
  }
}

export function brokenRecord(path: string, cause?: unknown): PodmeterError {
  return new PodmeterError(
    "platform_unavailable",
    `The local platform's record ${path} cannot be understood, so what runs is not known. ` +
      "Repair the file, or end the deployment's processes and remove its folder.",
    { cause },
  );
}

async function numbersIn(dir: string): Promise<number[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && /^\d+$/.test(entry.name)).map((entry) => Number(entry.name));
}
