"use client";

import { useActionState } from "react";
import { Button } from "@/app/_ui/button";
import { Field } from "@/app/_ui/field";
import { CheckIcon } from "@/app/_ui/icons";
import { Refusal } from "@/app/_ui/refusal";
import { useKeptForm } from "@/app/_ui/use-kept-form";
import { setPrice } from "./actions";

export type PriceState = {
  values: { profileId: string; creditsPerHour: string; inForceFrom: string };
  done: string | null;
  message: string | null;
  errors: Partial<Record<"profileId" | "creditsPerHour" | "inForceFrom", string[]>>;
};

export function PriceForm({
  choices,
  timeZone,
}: {
  choices: { profileId: string; title: string }[];
  timeZone: string;
}) {
  const initial: PriceState = {
    values: { profileId: choices[0]?.profileId ?? "", creditsPerHour: "", inForceFrom: "" },
    done: null,
    message: null,
    errors: {},
  };
  const { state, isPending, formProps } = useKeptForm(useActionState(setPrice, initial));
  return (
    <form {...formProps}>
      <h2 className="mb-4 text-base font-semibold">Change a price</h2>
      {state.message && <Refusal>{state.message}</Refusal>}
      {/* After a change, the next one begins empty. */}
      <div key={state.done} className="space-y-4">
        <Field id="profileId" label="Profile" hint="With its price now." errors={state.errors.profileId}>
          {(control) => (
            <select {...control} name="profileId" defaultValue={state.values.profileId}>
              {choices.map(({ profileId, title }) => (
                <option key={profileId} value={profileId}>
                  {title}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field id="creditsPerHour" label="Credits per hour" errors={state.errors.creditsPerHour}>
          {(control) => (
            <input
              {...control}
              name="creditsPerHour"
              inputMode="decimal"
              autoComplete="off"
              defaultValue={state.values.creditsPerHour}
            />
          )}
        </Field>
        <Field
          id="inForceFrom"
          label={`In force from (${timeZone})`}
          hint="Empty: at once. What runs is split there; what was used before keeps its price."
          errors={state.errors.inForceFrom}
        >
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              step={1}
              name="inForceFrom"
              defaultValue={state.values.inForceFrom}
            />
          )}
        </Field>
      </div>
      <Button className="mt-5 w-full" disabled={isPending}>
        {isPending ? "Changing …" : "Change the price"}
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
