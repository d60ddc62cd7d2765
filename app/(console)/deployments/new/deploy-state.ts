import type { ResourceKind } from "@/lib/billing/kinds";

export type DeployField = "name" | "programId" | "profileId" | "replicas";

/** The form as it is shown: what was entered, and what is wrong with it. */
export type DeployState = {
  values: { name: string; programId: string; replicas: string; profiles: Record<string, string> };
  message: string | null;
  errors: Partial<Record<DeployField, string[]>>;
};

/** Hardware is chosen per kind, so that without JavaScript too a choice of one kind never goes with a program of another. */
export const profileField = (kind: ResourceKind) => `profileId.${kind}`;

export function chosenProfile(profiles: Record<string, string>, kind: ResourceKind): string {
  return profiles[profileField(kind)] ?? "";
}
