/**
 * The worked examples of docs/billing-rules.md, worked out by hand from its rules. Each runs on the real engine (lib/credits/worked-examples.int.test.ts), and
 * the tables of the document are made from them (test/worked-examples-doc.ts). Credits are exact; instants are in UTC.
 */
export type Act =
  | { do: "deploy"; profileId: string; replicas?: number }
  | { do: "crash" | "restart" | "end" | "vanish" }
  /** It has ended, and the platform does not say so yet. */
  | { do: "end unseen" | "see the end" }
  | { do: "platform away" | "platform back" }
  | { do: "price"; profileId: string; creditsPerHour: string; inForceFrom: string }
  | { do: "top up"; credits: string; expiresAt?: string }
  | { do: "correct"; hour: string; credits: string }
  | { do: "fine-tuning"; profileId: string; gpuMs: number }
  | {
      do: "fine-tuning";
      profileId: string;
      trainingTokens: bigint;
      epochs: number;
      sizeClass: "small" | "medium" | "large";
    };

export type Step = {
  at: string;
  what: string;
  acts?: Act[];
  sum: string;
  remaining: string;
  /** The ledger lines that are new at this step, in order. */
  lines?: string[];
  /** What the newest usage line was taken from. */
  takenFrom?: string[];
};

export type Example = {
  id: string;
  rows: string;
  account: { credits: string; planId?: string; anchorDay?: number; timeZone?: string };
  steps: [Step, ...Step[]];
};

export const EXAMPLES: Example[] = [
  {
    id: "millisecond",
    rows: "C2",
    account: { credits: "75" },
    steps: [
      {
        at: "2026-01-05T10:00:00.000Z",
        what: "A model on A100 ×1 starts, 6 credits an hour",
        acts: [{ do: "deploy", profileId: "model-a100x1" }],
        sum: "75",
        remaining: "75.000000",
      },
      {
        at: "2026-01-05T10:00:00.001Z",
        what: "after 1 ms",
        sum: "6 × 1 ÷ 3,600,000 = 0.0000016…, down to 0.000001",
        remaining: "74.999999",
      },
      {
        at: "2026-01-05T10:00:00.002Z",
        what: "after 2 ms",
        sum: "6 × 2 ÷ 3,600,000 = 0.0000033…, down to 0.000003",
        remaining: "74.999997",
      },
      {
        at: "2026-01-05T10:00:01.000Z",
        what: "after 1 s",
        sum: "6 × 1,000 ÷ 3,600,000 = 0.0016666…, down to 0.001666",
        remaining: "74.998334",
      },
      { at: "2026-01-05T11:00:00.000Z", what: "after 1 hour", sum: "6 × 1", remaining: "69.000000" },
    ],
  },
  {
    id: "replicas",
    rows: "C3",
    account: { credits: "75" },
    steps: [
      {
        at: "2026-01-06T10:00:00.000Z",
        what: "A script on 4 vCPU, 8 GB starts with 2 replicas, 0.30792 credits an hour each",
        acts: [{ do: "deploy", profileId: "script-4x8", replicas: 2 }],
        sum: "75",
        remaining: "75.000000",
      },
      {
        at: "2026-01-06T11:30:00.000Z",
        what: "after 90 minutes",
        sum: "2 × 0.30792 × 1.5 = 0.923760",
        remaining: "74.076240",
      },
    ],
  },
  {
    id: "price",
    rows: "C3",
    account: { credits: "75" },
    steps: [
      {
        at: "2026-01-07T10:10:00.000Z",
        what: "A script on 2 vCPU, 4 GB starts, 0.15396 credits an hour",
        acts: [{ do: "deploy", profileId: "script-2x4" }],
        sum: "75",
        remaining: "75.000000",
      },
      {
        at: "2026-01-07T10:30:00.000Z",
        what: "An operator sets 1 credit an hour from 11:00 on",
        acts: [{ do: "price", profileId: "script-2x4", creditsPerHour: "1", inForceFrom: "2026-01-07T11:00:00.000Z" }],
        sum: "20 minutes × 0.15396 = 0.051320",
        remaining: "74.948680",
      },
      {
        at: "2026-01-07T12:10:00.000Z",
        what: "after 2 hours",
        sum: "50 minutes × 0.15396 = 0.128300, and 70 minutes × 1 = 1.166666",
        remaining: "73.705034",
      },
    ],
  },
  {
    id: "crash",
    rows: "C4",
    account: { credits: "75" },
    steps: [
      {
        at: "2026-01-08T10:00:00.000Z",
        what: "A model on T4 ×1 starts, 1.428 credits an hour",
        acts: [{ do: "deploy", profileId: "model-t4x1" }],
        sum: "75",
        remaining: "75.000000",
      },
      {
        at: "2026-01-08T10:20:00.000Z",
        what: "It crashes",
        acts: [{ do: "crash" }],
        sum: "20 minutes × 1.428 = 0.476000",
        remaining: "74.524000",
      },
      {
        at: "2026-01-08T10:20:30.000Z",
        what: "It runs again; waiting cost nothing",
        acts: [{ do: "restart" }],
        sum: "0.476000",
        remaining: "74.524000",
      },
      {
        at: "2026-01-08T11:00:00.000Z",
        what: "after 39.5 minutes more",
        sum: "0.476000 + 39.5 minutes × 1.428 = 0.940100",
        remaining: "73.583900",
      },
    ],
  },
  {
    id: "outage",
    rows: "C5",
    account: { credits: "75" },
    steps: [
      {
        at: "2026-01-09T10:00:00.000Z",
        what: "A model on A10 ×1 starts, 2.118 credits an hour",
        acts: [{ do: "deploy", profileId: "model-a10x1" }],
        sum: "75",
        remaining: "75.000000",
      },
      {
        at: "2026-01-09T10:30:00.000Z",
        what: "It is seen for the last time",
        sum: "30 minutes × 2.118 = 1.059000",
        remaining: "73.941000",
      },
      {
        at: "2026-01-09T11:00:00.000Z",
        what: "The platform does not answer: the count stands still half a minute after it was last seen",
        acts: [{ do: "platform away" }],
        sum: "30.5 minutes × 2.118 = 1.076650",
        remaining: "73.923350",
      },
      {
        at: "2026-01-09T12:00:00.000Z",
        what: "The platform answers, and it ran throughout",
        acts: [{ do: "platform back" }],
        sum: "2 hours × 2.118 = 4.236000",
        remaining: "70.764000",
      },
    ],
  },
  {
    id: "outage-gone",
    rows: "C5",
    account: { credits: "75" },
    steps: [
      {
        at: "2026-01-10T10:00:00.000Z",
        what: "A model on A10 ×1 starts, 2.118 credits an hour",
        acts: [{ do: "deploy", profileId: "model-a10x1" }],
        sum: "75",
        remaining: "75.000000",
      },
      {
        at: "2026-01-10T10:30:00.000Z",
        what: "It is seen for the last time",
        sum: "30 minutes × 2.118 = 1.059000",
        remaining: "73.941000",
      },
      {
        at: "2026-01-10T11:00:00.000Z",
        what: "The platform does not answer",
        acts: [{ do: "platform away" }],
        sum: "30.5 minutes × 2.118 = 1.076650",
        remaining: "73.923350",
      },
      {
        at: "2026-01-10T12:00:00.000Z",
        what: "The platform answers; the pod is gone, and nobody knows since when",
        acts: [{ do: "vanish" }, { do: "platform back" }],
        sum: "to when it was last seen: 1.059000",
        remaining: "73.941000",
      },
    ],
  },
  {
    id: "hour",
    rows: "C6",
    account: { credits: "75" },
    steps: [
      {
        at: "2026-01-11T10:20:00.000Z",
        what: "A script on 4 vCPU, 8 GB starts, 0.30792 credits an hour",
        acts: [{ do: "deploy", profileId: "script-4x8" }],
        sum: "75",
        remaining: "75.000000",
        lines: ["grant +75.000000"],
      },
      {
        at: "2026-01-11T11:01:00.000Z",
        what: "The hour is over, and not in the ledger yet",
        sum: "41 minutes × 0.30792 = 0.210412",
        remaining: "74.789588",
        lines: [],
      },
      {
        at: "2026-01-11T11:02:00.000Z",
        what: "The hour is in the ledger; the balance goes on as if nothing had been",
        sum: "42 minutes × 0.30792 = 0.215544",
        remaining: "74.784456",
        lines: ["usage −0.205280"],
      },
    ],
  },
  {
    id: "order",
    rows: "C7",
    account: { credits: "10" },
    steps: [
      {
        at: "2026-01-12T10:00:00.000Z",
        what: "10 free credits that never end; a top-up of 5 that ends in two days, and one of 3 that ends tomorrow; a model on A100 ×1 starts",
        acts: [
          { do: "top up", credits: "5", expiresAt: "2026-01-14T10:00:00.000Z" },
          { do: "top up", credits: "3", expiresAt: "2026-01-13T10:00:00.000Z" },
          { do: "deploy", profileId: "model-a100x1" },
        ],
        sum: "10 + 5 + 3",
        remaining: "18.000000",
      },
      {
        at: "2026-01-12T11:02:00.000Z",
        what: "The first hour, 6 credits",
        sum: "62 minutes × 6 = 6.2",
        remaining: "11.800000",
        takenFrom: ["top_up 3.000000", "top_up 3.000000"],
      },
      {
        at: "2026-01-12T12:02:00.000Z",
        what: "The second hour",
        sum: "122 minutes × 6 = 12.2",
        remaining: "5.800000",
        takenFrom: ["top_up 2.000000", "free 4.000000"],
      },
    ],
  },
  {
    id: "expiry",
    rows: "C7",
    account: { credits: "10" },
    steps: [
      {
        at: "2026-01-15T10:00:00.000Z",
        what: "10 free credits, and a top-up of 5 that ends at 12:30; a script on 4 vCPU, 8 GB starts",
        acts: [
          { do: "top up", credits: "5", expiresAt: "2026-01-15T12:30:00.000Z" },
          { do: "deploy", profileId: "script-4x8" },
        ],
        sum: "10 + 5",
        remaining: "15.000000",
      },
      {
        at: "2026-01-15T13:00:00.000Z",
        what: "Nobody looked for three hours; what was left at 12:30 is gone all the same",
        sum: "15 − (5 − 2.5 hours × 0.30792 = 4.230200) − 3 hours × 0.30792",
        remaining: "9.846040",
        lines: ["expiry −4.230200", "usage −0.307920", "usage −0.307920"],
      },
    ],
  },
  {
    id: "cycle",
    rows: "A9",
    account: { credits: "0", planId: "team", anchorDay: 31, timeZone: "Europe/Berlin" },
    steps: [
      {
        at: "2026-02-01T10:00:00.000Z",
        what: "An account of the Team plan in Berlin, anchor day 31",
        sum: "300",
        remaining: "300.000000",
        lines: ["grant +300.000000"],
      },
      {
        at: "2026-02-27T22:59:59.999Z",
        what: "The last millisecond of 27 February in Berlin",
        sum: "300",
        remaining: "300.000000",
        lines: [],
      },
      {
        at: "2026-02-27T23:00:00.000Z",
        what: "28 February, the last day of a month without a 31st",
        sum: "300 − 300 + 300",
        remaining: "300.000000",
        lines: ["expiry −300.000000", "grant +300.000000"],
      },
      {
        at: "2026-03-30T21:59:59.999Z",
        what: "Summer time began on 29 March: midnight is an hour earlier",
        sum: "300",
        remaining: "300.000000",
        lines: [],
      },
      {
        at: "2026-03-30T22:00:00.000Z",
        what: "31 March in Berlin",
        sum: "300 − 300 + 300",
        remaining: "300.000000",
        lines: ["expiry −300.000000", "grant +300.000000"],
      },
    ],
  },
  {
    id: "debt",
    rows: "A5, A7",
    account: { credits: "0", planId: "team", anchorDay: 10 },
    steps: [
      {
        at: "2026-05-09T17:30:00.000Z",
        what: "A model on A100 ×8 starts on the last evening of a cycle, 48 credits an hour",
        acts: [{ do: "deploy", profileId: "model-a100x8" }],
        sum: "300",
        remaining: "300.000000",
        lines: ["grant +300.000000"],
      },
      {
        at: "2026-05-09T23:59:00.000Z",
        what: "It went on below zero",
        sum: "300 − 389 minutes × 48 = 311.2",
        remaining: "-11.200000",
        lines: [
          "usage −24.000000",
          "usage −48.000000",
          "usage −48.000000",
          "usage −48.000000",
          "usage −48.000000",
          "usage −48.000000",
        ],
      },
      {
        at: "2026-05-10T00:00:00.000Z",
        what: "It ends with the cycle; the new one pays the 12 credits first",
        acts: [{ do: "end" }],
        sum: "300 − 390 minutes × 48 = 312, and 300 more",
        remaining: "288.000000",
        lines: ["grant +300.000000", "settlement of 12.000000"],
      },
    ],
  },
  {
    id: "correction",
    rows: "C8",
    account: { credits: "75" },
    steps: [
      {
        at: "2026-06-01T10:00:00.000Z",
        what: "A script on 4 vCPU, 8 GB starts",
        acts: [{ do: "deploy", profileId: "script-4x8" }],
        sum: "75",
        remaining: "75.000000",
        lines: ["grant +75.000000"],
      },
      {
        at: "2026-06-01T11:00:00.000Z",
        what: "and ends",
        acts: [{ do: "end" }],
        sum: "1 hour × 0.30792",
        remaining: "74.692080",
        lines: [],
      },
      {
        at: "2026-06-01T11:30:00.000Z",
        what: "Its hour is in the ledger",
        sum: "0.307920",
        remaining: "74.692080",
        lines: ["usage −0.307920"],
      },
      {
        at: "2026-06-01T12:00:00.000Z",
        what: "An operator gives 0.1 of it back, with a reason",
        acts: [{ do: "correct", hour: "2026-06-01T10:00:00.000Z", credits: "0.1" }],
        sum: "75 − 0.307920 + 0.100000",
        remaining: "74.792080",
        lines: ["correction +0.100000"],
      },
    ],
  },
  {
    id: "late",
    rows: "C5, C8",
    account: { credits: "75" },
    steps: [
      {
        at: "2026-06-02T10:00:00.000Z",
        what: "A model on A10 ×1 starts",
        acts: [{ do: "deploy", profileId: "model-a10x1" }],
        sum: "75",
        remaining: "75.000000",
        lines: ["grant +75.000000"],
      },
      {
        at: "2026-06-02T10:30:00.000Z",
        what: "It ends, and the platform goes on to report it as running",
        acts: [{ do: "end unseen" }],
        sum: "30 minutes × 2.118 = 1.059000",
        remaining: "73.941000",
        lines: [],
      },
      {
        at: "2026-06-02T11:02:00.000Z",
        what: "Its hour is in the ledger",
        sum: "62 minutes × 2.118 = 2.188600",
        remaining: "72.811400",
        lines: ["usage −2.118000"],
      },
      {
        at: "2026-06-02T11:30:00.000Z",
        what: "The platform reports the end at 10:30: a new line, the old one stays",
        acts: [{ do: "see the end" }],
        sum: "75 − 2.118000 + 1.059000",
        remaining: "73.941000",
        lines: ["late_usage +1.059000"],
      },
    ],
  },
  {
    id: "fine-tuning",
    rows: "P2",
    account: { credits: "75" },
    steps: [
      {
        at: "2026-06-03T10:00:00.000Z",
        what: "A job reports 2.5 GPU hours on A100 ×1",
        acts: [{ do: "fine-tuning", profileId: "model-a100x1", gpuMs: 9_000_000 }],
        sum: "2.5 × 6 = 15",
        remaining: "60.000000",
        lines: ["grant +75.000000", "event −15.000000"],
      },
      {
        at: "2026-06-03T11:00:00.000Z",
        what: "Another reports none: 9,000,000 tokens, 3 epochs, a medium model on A10 ×1, which gets through 3,000,000 tokens an hour",
        acts: [
          { do: "fine-tuning", profileId: "model-a10x1", trainingTokens: 9_000_000n, epochs: 3, sizeClass: "medium" },
        ],
        sum: "9,000,000 × 3 ÷ 3,000,000 = 9 hours; 9 × 2.118 = 19.062",
        remaining: "40.938000",
        lines: ["event −19.062000"],
      },
    ],
  },
];

/** Parts of a whole as pages write them (U3). */
export const PERCENTAGES = [
  { part: "212.16", whole: "300", written: "70.72 %" },
  { part: "45", whole: "10000", written: "0.45 %" },
  { part: "1", whole: "3", written: "33.33 %" },
  { part: "2", whole: "3", written: "66.67 %" },
  { part: "78", whole: "75", written: "104 %" },
];
