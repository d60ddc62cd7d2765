"use client";

import { useLiveFigures } from "@/app/_live/live-balance-provider";
import { FieldError } from "@/app/_ui/field";
import { lastsMs } from "@/lib/billing/forecast";
import type { ResourceKind } from "@/lib/billing/kinds";
import { formatCredits, formatDuration, formatRate, KIND_TITLES } from "@/lib/format";
import { profileField } from "./deploy-state";

export type PricedProfile = { profileId: string; kind: ResourceKind; title: string; creditsPerHourMicro: string };

const HOURS_PER_DAY = 24n;
const HOURS_PER_MONTH = 30n * HOURS_PER_DAY;

/**
 * The hardware of one kind with its prices, and how long the balance would last on it (P4). All kinds are in the page; the style
 * sheet hides those that do not go with the chosen program, so that it works without JavaScript too.
 */
export function HardwareChoice({
  kind,
  profiles,
  chosen,
  replicas,
  errors,
}: {
  kind: ResourceKind;
  profiles: PricedProfile[];
  chosen: string;
  replicas: number;
  errors?: string[];
}) {
  return (
    <fieldset data-hardware={kind}>
      <legend className="mb-1 text-base font-semibold">Hardware for {KIND_TITLES[kind].many.toLowerCase()}</legend>
      <p className="label mb-3">Prices in credits per replica; a month has 30 days.</p>
      <div className="overflow-hidden rounded-[10px] bg-surface ring-1 ring-line">
        {profiles.map((profile) => (
          <label
            key={profile.profileId}
            className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-baseline gap-x-3 gap-y-1 border-t border-line px-4 py-3 text-sm first:border-t-0 hover:bg-sunken has-checked:bg-accent-faint sm:grid-cols-[auto_minmax(0,1.3fr)_repeat(3,minmax(0,1fr))_minmax(0,1.3fr)]"
          >
            <input
              type="radio"
              name={profileField(kind)}
              value={profile.profileId}
              defaultChecked={profile.profileId === chosen}
              className="size-4 translate-y-0.5 accent-accent"
            />
            <span className="font-medium">{profile.title}</span>
            <Prices creditsPerHourMicro={BigInt(profile.creditsPerHourMicro)} />
            <Lasts creditsPerHourMicro={BigInt(profile.creditsPerHourMicro)} replicas={replicas} />
          </label>
        ))}
      </div>
      <FieldError id={`${profileField(kind)}-error`} errors={errors} />
    </fieldset>
  );
}

/** On a phone: the hour beside the title, day and month below. */
const PLACES = {
  hour: "",
  day: "text-ink-soft max-sm:col-start-2 max-sm:text-left",
  month: "text-ink-soft max-sm:col-start-3",
} as const;

function Prices({ creditsPerHourMicro }: { creditsPerHourMicro: bigint }) {
  const prices = [
    { amount: formatRate(creditsPerHourMicro), unit: "hour" as const },
    { amount: formatCredits(creditsPerHourMicro * HOURS_PER_DAY), unit: "day" as const },
    { amount: formatCredits(creditsPerHourMicro * HOURS_PER_MONTH), unit: "month" as const },
  ];
  return prices.map(({ amount, unit }) => (
    <span key={unit} className={`figures text-right whitespace-nowrap ${PLACES[unit]}`}>
      {amount} <span className="label">/ {unit}</span>
    </span>
  ));
}

/** With everything that runs already, until the credits are used up. */
function Lasts({ creditsPerHourMicro, replicas }: { creditsPerHourMicro: bigint; replicas: number }) {
  const figures = useLiveFigures();
  if (!figures) return null;
  const rate = BigInt(figures.balance.burnRateMicroPerHour) + creditsPerHourMicro * BigInt(replicas);
  const lasts = lastsMs(figures.remainingMicro, rate);
  return (
    <span className="figures label text-right max-sm:col-span-2 max-sm:col-start-2 max-sm:text-left">
      {lasts === null || lasts === 0 ? "no credits left" : `lasts ${formatDuration(lasts)}`}
    </span>
  );
}
