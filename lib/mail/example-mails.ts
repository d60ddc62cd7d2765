import type { AccountFacts, DeploymentFacts, Mail } from "@/lib/mail/mail-data";

/** One account and every kind of mail to it: what the preview shows and the tests read. */
const ASOF = new Date("2026-11-24T05:12:00Z");
const after = (minutes: number) => new Date(ASOF.getTime() + minutes * 60_000);

export const EXAMPLE_FACTS: AccountFacts = {
  accountName: "Acme",
  accountPublicId: "acc_7f3kq2m9x1",
  timeZone: "Europe/Berlin",
  asOf: ASOF,
  remainingMicro: 15_000_000n,
  grantedMicro: 75_000_000n,
  runsRemaining: 2_000n,
  runsGranted: 10_000n,
  negativeLimitMicro: 5_000_000n,
  deployFloorMicro: 1_000_000n,
  closed: false,
  burnRateMicroPerHour: 2_118_000n,
  usedUpAt: after(425),
  stopAt: after(567),
  appUrl: "https://podmeter.example",
  supportEmail: "support@podmeter.example",
};

export const EXAMPLE_DEPLOYMENT: DeploymentFacts = {
  name: "greeter",
  kind: "script",
  profileTitle: "4 vCPU, 16 GB",
  replicas: 2,
  endpoint: "http://127.0.0.1:41873",
  rateMicroPerHour: 576_000n,
  creditsMicro: 1_234_567n,
  startedAt: after(-129),
  endedAt: null,
};

const ended: DeploymentFacts = { ...EXAMPLE_DEPLOYMENT, rateMicroPerHour: 0n, endedAt: after(-0.5) };
const usedUp: AccountFacts = { ...EXAMPLE_FACTS, remainingMicro: -20_000n, usedUpAt: ASOF, stopAt: after(141) };
const atLimit: AccountFacts = {
  ...EXAMPLE_FACTS,
  remainingMicro: -5_000_000n,
  closed: true,
  usedUpAt: ASOF,
  stopAt: ASOF,
};
const idle: AccountFacts = { ...atLimit, burnRateMicroPerHour: 0n };

export type ExampleMail = { title: string; mail: Mail; facts: AccountFacts };

export const EXAMPLE_MAILS: ExampleMail[] = [
  ...[50n, 70n, 80n, 90n].map((percent): ExampleMail => {
    const remaining = (EXAMPLE_FACTS.grantedMicro * (100n - percent)) / 100n;
    return {
      title: `credits-${percent}`,
      mail: {
        kind: "threshold",
        meter: "credits",
        threshold: Number(percent),
        remaining,
        granted: EXAMPLE_FACTS.grantedMicro,
      },
      facts: { ...EXAMPLE_FACTS, remainingMicro: remaining },
    };
  }),
  {
    title: "runs-80",
    mail: { kind: "threshold", meter: "runs", threshold: 80, remaining: 2_000n, granted: 10_000n },
    facts: { ...EXAMPLE_FACTS, burnRateMicroPerHour: 0n, usedUpAt: null, stopAt: null },
  },
  { title: "credits-used-up", mail: { kind: "used_up", meter: "credits" }, facts: usedUp },
  { title: "runs-used-up", mail: { kind: "used_up", meter: "runs" }, facts: { ...EXAMPLE_FACTS, runsRemaining: 0n } },
  {
    title: "limit-reached",
    mail: { kind: "limit_reached", deployments: ["greeter", "invoice reader", "llama-8b-support"] },
    facts: atLimit,
  },
  { title: "stopped", mail: { kind: "stopped", deployment: ended }, facts: idle },
  { title: "deployed", mail: { kind: "deployed", deployment: EXAMPLE_DEPLOYMENT }, facts: EXAMPLE_FACTS },
  {
    title: "undeployed",
    mail: { kind: "undeployed", deployment: ended, by: "ann@acme.example" },
    facts: { ...EXAMPLE_FACTS, burnRateMicroPerHour: 0n, usedUpAt: null, stopAt: null },
  },
  {
    title: "deploy-failed",
    mail: {
      kind: "deploy_failed",
      deployment: { ...ended, endpoint: null, startedAt: null, creditsMicro: 4_000n },
      reason: "The program ended with exit code 1, three times in a row: Cannot find module './greeting.mjs'",
    },
    facts: { ...EXAMPLE_FACTS, remainingMicro: 900_000n },
  },
];
