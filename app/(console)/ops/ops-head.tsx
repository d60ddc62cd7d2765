import type { ReactNode } from "react";
import { PageHead } from "@/app/_ui/page-head";
import { runtime } from "@/lib/runtime";
import { OpsNav } from "./ops-nav";

/** Operators see all accounts, in all time zones: their pages are in UTC. */
export const OPS_TIME_ZONE = "UTC";

export function OpsHead({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) {
  const { MAILBOX_URL, PODMETER_MODE } = runtime().env;
  return (
    <>
      <OpsNav mailboxUrl={PODMETER_MODE === "production" ? null : (MAILBOX_URL ?? null)} />
      <PageHead title={title} actions={actions}>
        {children}
      </PageHead>
    </>
  );
}
