import type { Metadata } from "next";
import Link from "next/link";
import { readOwnBalance } from "@/app/_live/read-own-balance";
import { refusalOf } from "@/app/_shell/refusal";
import { PageHead } from "@/app/_ui/page-head";
import { Refusal } from "@/app/_ui/refusal";
import { canManage, requireAccount } from "@/lib/auth/viewer";
import { decideDeploy } from "@/lib/billing/gate";
import { RESOURCE_KINDS } from "@/lib/billing/kinds";
import { profileTitle } from "@/lib/billing/price-book";
import { gateStateOf } from "@/lib/credits/read-balance";
import { listProfiles } from "@/lib/deployments/list-profiles";
import { runtime } from "@/lib/runtime";
import { DeployForm } from "./deploy-form";

export const metadata: Metadata = { title: "Deploy" };

export default async function DeployPage() {
  const viewer = await requireAccount();
  const own = await readOwnBalance();
  if (!own) return null;
  const { platform } = runtime();
  const programs = platform.programs();
  const profiles = (await listProfiles(own.context)).map((profile) => ({
    profileId: profile.profileId,
    kind: profile.kind,
    title: profileTitle(profile),
    creditsPerHourMicro: profile.creditsPerHourMicro.toString(),
  }));
  const kinds = RESOURCE_KINDS.filter(
    (kind) => programs.some((program) => program.kind === kind) && profiles.some((profile) => profile.kind === kind),
  );
  // The gate decides alike for all kinds that cost credits.
  const refusal = canManage(viewer.account.role)
    ? refusalOf(decideDeploy("model", gateStateOf(own.balance)))
    : "As a viewer you may look at the prices, but not deploy. Ask an owner or admin of the account.";
  return (
    <>
      <PageHead
        title="Deploy"
        above={
          <Link href="/deployments" className="link">
            Deployments
          </Link>
        }
      >
        Each replica is charged by the millisecond for as long as it runs. Here, replicas are {platform.label}.
      </PageHead>
      {refusal && <Refusal>{refusal}</Refusal>}
      <DeployForm programs={programs.map((program) => ({ ...program }))} profiles={profiles} kinds={kinds} />
    </>
  );
}
