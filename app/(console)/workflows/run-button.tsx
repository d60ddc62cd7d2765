"use client";

import { type FormEvent, startTransition, useActionState } from "react";
import { Button } from "@/app/_ui/button";
import { run } from "./actions";

export function RunButton({
  workflow,
  formKey,
  disabled,
}: {
  workflow: { resourceId: number; name: string };
  formKey: string;
  disabled: boolean;
}) {
  const [state, send, isPending] = useActionState(run, { key: formKey, message: null, refused: false });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    startTransition(() => send(data));
  };
  return (
    <form action={send} onSubmit={onSubmit} className="flex flex-wrap items-center justify-end gap-x-3 gap-y-1">
      <input type="hidden" name="resourceId" value={workflow.resourceId} />
      <input type="hidden" name="key" value={state.key} />
      <span role="status" className={`text-sm ${state.refused ? "text-bad" : "text-good"}`}>
        {state.message}
      </span>
      <Button look="secondary" size="small" aria-label={`Run ${workflow.name}`} disabled={isPending || disabled}>
        {isPending ? "Running …" : "Run"}
      </Button>
    </form>
  );
}
