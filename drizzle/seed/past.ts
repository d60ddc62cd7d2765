import type { ResourceKind } from "@/lib/billing/kinds";
import type { HistoryEvent } from "./replay";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A made-up past that is the same at every seed: a small generator, so that nothing in it is chosen by hand or by chance. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Habit = {
  kind: ResourceKind;
  name: string;
  programId: string;
  profileId: string;
  replicas: number;
  /** On how many days of a hundred it is deployed, and for how long at the most. */
  daysInHundred: number;
  hours: number;
};

const HABITS: readonly Habit[] = [
  {
    kind: "script",
    name: "invoice-import",
    programId: "json-to-csv",
    profileId: "script-2x4",
    replicas: 1,
    daysInHundred: 80,
    hours: 10,
  },
  {
    kind: "script",
    name: "nightly-report",
    programId: "hello-http",
    profileId: "script-4x8",
    replicas: 2,
    daysInHundred: 55,
    hours: 4,
  },
  {
    kind: "model",
    name: "support-llm",
    programId: "echo-model",
    profileId: "model-t4x1",
    replicas: 1,
    daysInHundred: 35,
    hours: 5,
  },
  {
    kind: "guardrail",
    name: "pii-shield",
    programId: "pii-scanner",
    profileId: "guardrail-2x8",
    replicas: 1,
    daysInHundred: 70,
    hours: 12,
  },
  {
    kind: "ocr",
    name: "receipts",
    programId: "text-scanner",
    profileId: "ocr-4x16",
    replicas: 1,
    daysInHundred: 40,
    hours: 6,
  },
  {
    kind: "browser",
    name: "price-watch",
    programId: "page-fetcher",
    profileId: "browser-4x16",
    replicas: 1,
    daysInHundred: 30,
    hours: 3,
  },
];

/** Days of deployments and workflow runs up to `now`, weekdays busier than weekends. */
export function pastOf(options: {
  days: number;
  now: Date;
  workflows: readonly number[];
  seed: number;
}): HistoryEvent[] {
  const pick = generator(options.seed);
  const events: HistoryEvent[] = [];
  const firstMs = options.now.getTime() - options.days * DAY;
  for (let day = 0; day < options.days; day++) {
    const startMs = firstMs + day * DAY;
    const weekend = [0, 6].includes(new Date(startMs).getUTCDay());
    for (const habit of HABITS) {
      const likely = weekend ? habit.daysInHundred / 3 : habit.daysInHundred;
      const beginMs = startMs + (6 + pick(8)) * HOUR + pick(60 * 60_000);
      const endMs = beginMs + 20 * MINUTE + pick(habit.hours * HOUR);
      if (pick(100) >= likely || endMs >= options.now.getTime() - HOUR) continue;
      const key = `${habit.name}/${day}`;
      const { daysInHundred: _days, hours: _hours, ...deployment } = habit;
      events.push(
        { at: new Date(beginMs), act: "deploy", key, ...deployment },
        { at: new Date(endMs), act: "undeploy", key },
      );
    }
    for (const [index, resourceId] of options.workflows.entries()) {
      const count = pick(weekend ? 12 : 40) >> index;
      if (count > 0)
        events.push({ at: new Date(startMs + 20 * HOUR + index), act: "runs", resourceId, count, spreadMs: 12 * HOUR });
    }
  }
  return events;
}
