"use client";

import { useActionState } from "react";
import { Button } from "@/app/_ui/button";
import { Field } from "@/app/_ui/field";
import { CheckIcon } from "@/app/_ui/icons";
import { Refusal } from "@/app/_ui/refusal";
import { useKeptForm } from "@/app/_ui/use-kept-form";

/** `ref` is of the next correction: a form sent twice gives back once. */
export type CorrectState = {
  values: { chosen: string; credits: string; reason: string };
  ref: string;
  done: string | null;
  message: string | null;
  errors: Partial<Record<"chosen" | "credits" | "reason", string[]>>;
};

export function CorrectForm({
  id,
  title,
  action,
  fields,
  formRef,
  choice,
  hint,
  withCredits,
  button,
}: {
  id: string;
  title: string;
  action: (before: CorrectState, form: FormData) => Promise<CorrectState>;
  fields: Record<string, string | number>;
  formRef: string;
  choice: { label: string; options: { value: string; title: string }[] };
  hint?: string;
  withCredits?: boolean;
  button: string;
}) {
  const initial: CorrectState = {
    values: { chosen: choice.options[0]?.value ?? "", credits: "", reason: "" },
    ref: formRef,
    done: null,
    message: null,
    errors: {},
  };
  const { state, isPending, formProps } = useKeptForm(useActionState(action, initial));
  return (
    <form {...formProps} aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`} className="mb-4 text-base font-semibold">
        {title}
      </h3>
      {state.message && <Refusal>{state.message}</Refusal>}
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {/* Another reference is another correction: its fields begin empty. */}
      <div key={state.ref} className="space-y-4">
        <input type="hidden" name="ref" value={state.ref} />
        <Field id={`${id}-chosen`} label={choice.label} hint={hint} errors={state.errors.chosen}>
          {(control) => (
            <select {...control} name="chosen" defaultValue={state.values.chosen}>
              {choice.options.map((option) => (
                <option key={option.value} value={option.value}>
                  {option.title}
                </option>
              ))}
            </select>
          )}
        </Field>
        {withCredits && (
          <Field id={`${id}-credits`} label="Credits to give back" errors={state.errors.credits}>
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
        )}
        <Field
          id={`${id}-reason`}
          label="Reason"
          hint="Goes into the ledger and the audit log; the customer sees it."
          errors={state.errors.reason}
        >
          {(control) => <input {...control} name="reason" autoComplete="off" defaultValue={state.values.reason} />}
        </Field>
      </div>
      <Button look="danger" className="mt-5 w-full" disabled={isPending}>
        {isPending ? "Giving back …" : button}
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
