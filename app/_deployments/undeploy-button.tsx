"use client";

import { useActionState } from "react";
import { ConfirmForm } from "@/app/_ui/confirm-form";

export type UndeployState = { message: string | null };
export type UndeployAction = (before: UndeployState, form: FormData) => Promise<UndeployState>;

export function UndeployButton({
  action,
  deployment,
  accountPublicId,
}: {
  action: UndeployAction;
  deployment: { deploymentId: number; name: string };
  /** For operators, who act on accounts that are not theirs. */
  accountPublicId?: string;
}) {
  const [state, send, isPending] = useActionState(action, { message: null });
  const asOperator = accountPublicId !== undefined;
  const words = asOperator ? "Stop" : "Undeploy";
  return (
    <>
      <ConfirmForm
        send={send}
        isPending={isPending}
        fields={{ deploymentId: deployment.deploymentId, ...(asOperator && { accountPublicId }) }}
        button={{ words, label: `${words} ${deployment.name}`, look: "danger" }}
        question={`${words} ${deployment.name}?`}
      >
        All its replicas get a signal to end, and a moment to do so. It is charged until they are gone.
      </ConfirmForm>
      {state.message && (
        <p role="alert" className="mt-2 max-w-56 text-sm whitespace-normal text-bad">
          {state.message}
        </p>
      )}
    </>
  );
}
