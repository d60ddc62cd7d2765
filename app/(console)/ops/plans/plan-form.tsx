"use client";

import { useActionState } from "react";
import { Button } from "@/app/_ui/button";
import { Field } from "@/app/_ui/field";
import { CheckIcon } from "@/app/_ui/icons";
import { Refusal } from "@/app/_ui/refusal";
import { useKeptForm } from "@/app/_ui/use-kept-form";
import { setPlan } from "./actions";

type PlanField = "name" | "negativeLimit" | "deployFloor" | "cycleCredits" | "cycleRuns";

export type PlanState = {
  values: Record<PlanField, string>;
  done: string | null;
  message: string | null;
  errors: Partial<Record<PlanField | "planId", string[]>>;
};

const AMOUNTS: { name: PlanField; label: string; inputMode: "decimal" | "numeric" }[] = [
  { name: "cycleCredits", label: "Credits per cycle", inputMode: "decimal" },
  { name: "cycleRuns", label: "Runs per cycle", inputMode: "numeric" },
  { name: "negativeLimit", label: "Credits below zero", inputMode: "decimal" },
  { name: "deployFloor", label: "Deploy floor", inputMode: "decimal" },
];

export function PlanForm({
  planId,
  accounts,
  values,
}: {
  planId: string;
  accounts: string;
  values: PlanState["values"];
}) {
  const initial: PlanState = { values, done: null, message: null, errors: {} };
  const { state, isPending, formProps } = useKeptForm(useActionState(setPlan, initial));
  return (
    <form {...formProps} aria-labelledby={`${planId}-title`}>
      <div className="mb-4 flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id={`${planId}-title`} className="text-base font-semibold">
          {values.name}
        </h2>
        <p className="label figures">{accounts}</p>
      </div>
      {state.message && <Refusal>{state.message}</Refusal>}
      <input type="hidden" name="planId" value={planId} />
      <Field id={`${planId}-name`} label="Name" errors={state.errors.name}>
        {(control) => <input {...control} name="name" autoComplete="off" defaultValue={state.values.name} />}
      </Field>
      <div className="mt-4 grid grid-cols-2 gap-4">
        {AMOUNTS.map(({ name, label, inputMode }) => (
          <Field key={name} id={`${planId}-${name}`} label={label} errors={state.errors[name]}>
            {(control) => (
              <input
                {...control}
                className={`${control.className} figures`}
                name={name}
                inputMode={inputMode}
                autoComplete="off"
                defaultValue={state.values[name]}
              />
            )}
          </Field>
        ))}
      </div>
      <Button
        look="secondary"
        className="mt-5 w-full"
        disabled={isPending}
        aria-label={`Change the plan ${values.name}`}
      >
        {isPending ? "Changing …" : "Change"}
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
