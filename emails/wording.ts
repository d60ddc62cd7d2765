import { FINE_TUNING_FLOOR_MICRO } from "@/lib/billing/gate";
import type { Meter } from "@/lib/billing/kinds";
import {
  creditDigits,
  formatCount,
  formatCredits,
  formatDuration,
  formatInstant,
  formatRate,
  KIND_TITLES,
} from "@/lib/format";
import type { AccountFacts, DeploymentFacts } from "./facts";

const MS_PER_HOUR = 3_600_000;
const SUBJECT_NAME_LENGTH = 40;

/** A row of the table of facts. */
export type Fact = { label: string; value: string; link?: string };

export const METER_NOUNS: Record<Meter, string> = { credits: "credits", runs: "workflow runs" };

/** Credits as a mail writes them: fractions of a credit with four decimals, so that a small account reads its figures too. */
export const creditsText = (creditsMicro: bigint) => formatCredits(creditsMicro, creditDigits(creditsMicro));

export function formatAmount(meter: Meter, amount: bigint): string {
  return meter === "credits" ? creditsText(amount) : formatCount(amount);
}

/** A subject that says whose account it is about; long names are cut so that the beginning stays whole. */
export function subjectFor(what: string, facts: AccountFacts): string {
  return `${what} — ${shorten(facts.accountName)}`;
}

export function shorten(name: string): string {
  const characters = [...name];
  return characters.length <= SUBJECT_NAME_LENGTH ? name : `${characters.slice(0, SUBJECT_NAME_LENGTH - 1).join("")}…`;
}

/** "greeter (Custom script)" */
export function titleOf(deployment: DeploymentFacts, name = deployment.name): string {
  return `${name} (${KIND_TITLES[deployment.kind].one})`;
}

export function pageUrl(facts: AccountFacts, page: "usage" | "deployments"): string {
  const path = page === "usage" ? "/settings/billing/usage" : "/deployments";
  return facts.appUrl.replace(/\/+$/, "") + path;
}

/** An instant in the account's time zone, with the zone's name; with seconds where they matter. */
export function when(at: Date, facts: AccountFacts): string {
  const seconds = Math.abs(at.getTime() - facts.asOf.getTime()) < MS_PER_HOUR;
  return `${formatInstant(at, facts.timeZone, { seconds })} ${facts.timeZone}`;
}

function ahead(at: Date, facts: AccountFacts): string {
  return `${when(at, facts)} (in ${formatDuration(at.getTime() - facts.asOf.getTime())})`;
}

export const limitOf = (facts: AccountFacts) => creditsText(-facts.negativeLimitMicro);

/** What cannot be done at present (A2, A4, A8, E4, N3), what concerns the meter first; empty when everything can. */
export function disabledNow(facts: AccountFacts, meter: Meter = "credits"): string[] {
  const byCredits = disabledByCredits(facts);
  const byRuns = facts.runsRemaining <= 0n ? ["With no runs left, no workflow can be run."] : [];
  return meter === "credits" ? [...byCredits, ...byRuns] : [...byRuns, ...byCredits];
}

function disabledByCredits({ closed, remainingMicro, deployFloorMicro }: AccountFacts): string[] {
  const disabled: string[] = [];
  if (closed) disabled.push("The account is closed for new deployments until credits are added.");
  if (remainingMicro <= 0n) return [...disabled, "With no credits left, nothing that costs credits can be started."];
  if (remainingMicro <= deployFloorMicro && !closed) {
    const floor = creditsText(deployFloorMicro);
    disabled.push(`Nothing new can be deployed: that takes more than ${floor} credits remaining.`);
  }
  if (remainingMicro <= FINE_TUNING_FLOOR_MICRO) {
    const floor = creditsText(FINE_TUNING_FLOOR_MICRO);
    disabled.push(`No fine-tuning job can be started: that takes more than ${floor} credits remaining.`);
  }
  return disabled;
}

/** What will be disabled or stopped as the credits go on falling, nearest first. */
export function disabledNext(facts: AccountFacts): string[] {
  const levels = [
    { at: FINE_TUNING_FLOOR_MICRO, effect: "no fine-tuning job can be started" },
    { at: facts.deployFloorMicro, effect: "nothing new can be deployed; what runs goes on" },
    { at: -facts.negativeLimitMicro, effect: "everything that runs is stopped" },
  ];
  return levels
    .filter(({ at }) => at < facts.remainingMicro)
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .map(({ at, effect }) => `At ${creditsText(at)} credits: ${effect}.`);
}

/** How fast the credits go, and when they are used up and everything is stopped (U3, E2). */
export function runwayFacts(facts: AccountFacts): Fact[] {
  const burn = facts.burnRateMicroPerHour;
  return [
    { label: "Burn rate", value: burn > 0n ? `${formatRate(burn)} credits per hour` : "None: nothing is running" },
    { label: "Credits run out", value: runOut(facts) },
    { label: "Everything is stopped", value: stop(facts) },
  ];
}

const NOT_AHEAD = "Not at the present burn rate";

function runOut(facts: AccountFacts): string {
  if (facts.remainingMicro <= 0n) return "They are used up";
  return facts.usedUpAt ? ahead(facts.usedUpAt, facts) : NOT_AHEAD;
}

function stop(facts: AccountFacts): string {
  if (facts.closed || facts.remainingMicro <= -facts.negativeLimitMicro)
    return `The limit of ${limitOf(facts)} credits is reached`;
  return facts.stopAt ? `At ${limitOf(facts)} credits: ${ahead(facts.stopAt, facts)}` : NOT_AHEAD;
}

/** What was deployed: its hardware, how long it ran and what it cost. */
export function deploymentFacts(deployment: DeploymentFacts, facts: AccountFacts): Fact[] {
  const { replicas, profileTitle, startedAt, endedAt } = deployment;
  const found: Fact[] = [
    { label: "Deployment", value: titleOf(deployment) },
    {
      label: "Hardware",
      value: `${profileTitle}, ${formatCount(replicas)} ${replicas === 1 ? "replica" : "replicas"}`,
    },
  ];
  if (startedAt) found.push({ label: "Started", value: when(startedAt, facts) });
  if (endedAt) {
    const ran = startedAt ? `, after ${formatDuration(endedAt.getTime() - startedAt.getTime())}` : "";
    found.push({ label: "Ended", value: `${when(endedAt, facts)}${ran}` });
  }
  found.push({ label: "Credits used by it", value: creditsText(deployment.creditsMicro) });
  return found;
}
