"use client";

import { useActionState } from "react";
import { Button } from "@/app/_ui/button";
import { Field } from "@/app/_ui/field";
import { CheckIcon } from "@/app/_ui/icons";
import { Refusal } from "@/app/_ui/refusal";
import { useKeptForm } from "@/app/_ui/use-kept-form";
import { addCredits, type TopUpState } from "./actions";

export function TopUpForm({ accountPublicId, formRef }: { accountPublicId: string; formRef: string }) {
  const initial: TopUpState = {
    values: { credits: "", runs: "", reason: "" },
    ref: formRef,
    done: null,
    message: null,
    errors: {},
  };
  const { state, isPending, formProps } = useKeptForm(useActionState(addCredits, initial));
  return (
    <form {...formProps}>
      <h2 className="mb-4 text-base font-semibold">Add credits</h2>
      {state.message && <Refusal>{state.message}</Refusal>}
      {/* Another reference is another top-up: its fields begin empty. */}
      <div key={state.ref} className="space-y-4">
        <input type="hidden" name="accountPublicId" value={accountPublicId} />
        <input type="hidden" name="ref" value={state.ref} />
        <div className="grid grid-cols-2 gap-4">
          <Field id="credits" label="Credits" errors={state.errors.credits}>
            {(control) => (
              <input
                {...control}
                name="credits"
                inputMode="decimal"
                autoComplete="off"
                defaultValue={state.values.credits}
              />
            )}
          </Field>
          <Field id="runs" label="Workflow runs" errors={state.errors.runs}>
            {(control) => (
              <input {...control} name="runs" inputMode="numeric" autoComplete="off" defaultValue={state.values.runs} />
            )}
          </Field>
        </div>
        <Field
          id="reason"
          label="Reason"
          hint="Goes into the ledger and the audit log; the customer sees it."
          errors={state.errors.reason}
        >
          {(control) => <input {...control} name="reason" autoComplete="off" defaultValue={state.values.reason} />}
        </Field>
      </div>
      <Button className="mt-5 w-full" disabled={isPending}>
        {isPending ? "Adding …" : "Add"}
      </Button>
      <div role="status">
        {state.done && (
          <p className="mt-4 flex gap-2 rounded-md bg-good-faint px-3 py-2 text-sm">
            <CheckIcon className="mt-0.5 size-4 text-good" />
            {state.done}
          </p>
        )}
      </div>
    </form>
  );
}
