"use client";

import { useActionState } from "react";
import { Button } from "@/app/_ui/button";
import { Field } from "@/app/_ui/field";
import { useKeptForm } from "@/app/_ui/use-kept-form";
import { create } from "./actions";

export function NewWorkflowForm() {
  const { state, isPending, formProps } = useKeptForm(
    useActionState(create, { name: "", message: null, errors: [] as string[] }),
  );
  return (
    <form {...formProps}>
      <h2 className="mb-4 text-base font-semibold">New workflow</h2>
      <Field id="workflow-name" label="Name" hint="Making one costs nothing." errors={state.errors}>
        {/* A new one clears the field. */}
        {(control) => (
          <input {...control} key={state.message} name="name" defaultValue={state.name} autoComplete="off" />
        )}
      </Field>
      <Button look="secondary" className="mt-4 w-full" disabled={isPending}>
        {isPending ? "One moment …" : "Make workflow"}
      </Button>
      <p role="status" className="mt-3 text-sm text-good empty:mt-0">
        {state.message}
      </p>
    </form>
  );
}
