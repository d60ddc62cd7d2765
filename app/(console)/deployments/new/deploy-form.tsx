"use client";

import { type FormEvent, useActionState, useState } from "react";
import { Field, FieldError } from "@/app/_ui/field";
import { Refusal } from "@/app/_ui/refusal";
import { Card } from "@/app/_ui/surface";
import { useKeptForm } from "@/app/_ui/use-kept-form";
import type { ResourceKind } from "@/lib/billing/kinds";
import { KIND_TITLES } from "@/lib/format";
import type { Program } from "@/lib/platform/platform";
import { deploy } from "../actions";
import { CostSummary } from "./cost-summary";
import { chosenProfile, type DeployState, profileField } from "./deploy-state";
import { HardwareChoice, type PricedProfile } from "./hardware-choice";

/** Replicas as a person is typing them: what is no number yet counts as one. */
function replicasOf(text: string): number {
  const replicas = Number.parseInt(text, 10);
  return Number.isInteger(replicas) && replicas > 0 ? Math.min(replicas, 20) : 1;
}

export function DeployForm({
  programs,
  profiles,
  kinds,
}: {
  programs: Program[];
  profiles: PricedProfile[];
  kinds: ResourceKind[];
}) {
  const initial: DeployState = {
    values: {
      name: "",
      programId: programs.find((program) => program.kind === "script")?.id ?? programs[0]?.id ?? "",
      replicas: "1",
      profiles: Object.fromEntries(
        kinds.map((kind) => [profileField(kind), profiles.find((profile) => profile.kind === kind)?.profileId ?? ""]),
      ),
    },
    message: null,
    errors: {},
  };
  const { state, isPending, formProps } = useKeptForm(useActionState(deploy, initial));
  const [chosen, setChosen] = useState(state.values);
  const onInput = (event: FormEvent<HTMLFormElement>) => {
    const data = Object.fromEntries([...new FormData(event.currentTarget)].map(([key, value]) => [key, String(value)]));
    setChosen({ name: "", programId: data.programId ?? "", replicas: data.replicas ?? "", profiles: data });
  };

  const kind = programs.find((program) => program.id === chosen.programId)?.kind ?? "script";
  const profile = profiles.find((candidate) => candidate.profileId === chosenProfile(chosen.profiles, kind));
  const replicas = replicasOf(chosen.replicas);
  return (
    <form
      {...formProps}
      onInput={onInput}
      className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]"
    >
      <div className="min-w-0 space-y-8">
        {state.message && <Refusal>{state.message}</Refusal>}
        <ProgramChoice
          programs={programs}
          kinds={kinds}
          chosen={state.values.programId}
          errors={state.errors.programId}
        />
        {kinds.map((candidate) => (
          <HardwareChoice
            key={candidate}
            kind={candidate}
            profiles={profiles.filter((profile) => profile.kind === candidate)}
            chosen={chosenProfile(state.values.profiles, candidate)}
            replicas={replicas}
            errors={state.errors.profileId}
          />
        ))}
        <div className="grid gap-5 sm:grid-cols-[minmax(0,1fr)_10rem]">
          <Field id="name" label="Name" hint="Shown on this page, in mails and on the bill." errors={state.errors.name}>
            {(control) => (
              <input {...control} name="name" defaultValue={state.values.name} autoComplete="off" spellCheck={false} />
            )}
          </Field>
          <Field id="replicas" label="Replicas" hint="1 to 20, each charged in full." errors={state.errors.replicas}>
            {(control) => (
              <input
                {...control}
                name="replicas"
                type="number"
                inputMode="numeric"
                min={1}
                max={20}
                defaultValue={state.values.replicas}
              />
            )}
          </Field>
        </div>
      </div>
      <Card className="p-5 lg:sticky lg:top-6">
        <CostSummary profile={profile} replicas={replicas} isPending={isPending} />
      </Card>
    </form>
  );
}

function ProgramChoice({
  programs,
  kinds,
  chosen,
  errors,
}: {
  programs: Program[];
  kinds: ResourceKind[];
  chosen: string;
  errors?: string[];
}) {
  const byCount = kinds
    .map((kind) => ({ kind, count: programs.filter((program) => program.kind === kind).length }))
    .sort((a, b) => b.count - a.count);
  return (
    <fieldset>
      <legend className="mb-3 text-base font-semibold">What to deploy</legend>
      <div className="grid gap-4 sm:grid-cols-2">
        {byCount.map(({ kind, count }) => (
          <fieldset key={kind} className={count > 1 ? "sm:col-span-2" : ""}>
            <legend className="label mb-1.5">{KIND_TITLES[kind].many}</legend>
            <div className={`grid gap-2 ${count > 1 ? "sm:grid-cols-2" : "h-[calc(100%-1.75rem)]"}`}>
              {programs
                .filter((program) => program.kind === kind)
                .map((program) => (
                  <label
                    key={program.id}
                    className="flex gap-3 rounded-[10px] bg-surface p-3.5 ring-1 ring-line ring-inset hover:ring-line-strong has-checked:bg-accent-faint has-checked:ring-2 has-checked:ring-accent"
                  >
                    <input
                      type="radio"
                      name="programId"
                      value={program.id}
                      defaultChecked={program.id === chosen}
                      data-program-kind={kind}
                      className="mt-1 size-4 shrink-0 accent-accent"
                    />
                    <span className="min-w-0">
                      <span className="block text-sm font-medium">{program.title}</span>
                      <span className="label block">{program.summary}</span>
                      <span className="label block text-ink-faint">{program.language}</span>
                    </span>
                  </label>
                ))}
            </div>
          </fieldset>
        ))}
      </div>
      <FieldError id="programId-error" errors={errors} />
    </fieldset>
  );
}
