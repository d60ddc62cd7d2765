"use client";

import { useActionState } from "react";
import { Button } from "@/app/_ui/button";
import { Field } from "@/app/_ui/field";
import { CheckIcon } from "@/app/_ui/icons";
import { Refusal } from "@/app/_ui/refusal";
import { useKeptForm } from "@/app/_ui/use-kept-form";
import { putOnPlan } from "./actions";

export type AssignState = {
  values: { accountPublicId: string; planId: string };
  done: string | null;
  message: string | null;
};

/** The field offers the listed accounts and takes any id: there may be more accounts than a list can hold. */
export function AssignForm({
  plans,
  accounts,
}: {
  plans: { planId: string; name: string }[];
  accounts: { publicId: string; title: string }[];
}) {
  const initial: AssignState = {
    values: { accountPublicId: "", planId: plans[0]?.planId ?? "" },
    done: null,
    message: null,
  };
  const { state, isPending, formProps } = useKeptForm(useActionState(putOnPlan, initial));
  return (
    <form {...formProps}>
      <h2 className="mb-4 text-base font-semibold">Put an account on a plan</h2>
      {state.message && <Refusal>{state.message}</Refusal>}
      <div key={state.done} className="space-y-4">
        <Field id="accountPublicId" label="Account id" hint="Type a part of the name or the id.">
          {(control) => (
            <input
              {...control}
              name="accountPublicId"
              list="accounts"
              autoComplete="off"
              spellCheck={false}
              defaultValue={state.values.accountPublicId}
            />
          )}
        </Field>
        <datalist id="accounts">
          {accounts.map(({ publicId, title }) => (
            <option key={publicId} value={publicId}>
              {title}
            </option>
          ))}
        </datalist>
        <Field id="assignPlanId" label="Plan">
          {(control) => (
            <select {...control} name="planId" defaultValue={state.values.planId}>
              {plans.map(({ planId, name }) => (
                <option key={planId} value={planId}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <Button className="mt-5 w-full" disabled={isPending}>
        {isPending ? "Changing …" : "Put on this plan"}
      </Button>
      <div role="status">
        {state.done && (
          <p className="mt-4 flex gap-2 rounded-md bg-good-faint px-3 py-2 text-sm">
            <CheckIcon className="mt-0.5 size-4 text-good" />
            <span className="min-w-0 break-words">{state.done}</span>
          </p>
        )}
      </div>
    </form>
  );
}
