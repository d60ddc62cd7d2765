import { z } from "zod";

/**
 * Every job there is: its queue and its payload. Payloads are ids; what is due is in the tables, so a lost job is found
 * again by the sweep and a repeated one finds nothing to do. Mail has a queue of its own, so that it never delays accrual.
 */
export const QUEUES = ["metering", "enforcement", "mail"] as const;
export type QueueName = (typeof QUEUES)[number];

const account = z.object({ accountId: z.number().int() });

export const JOBS = {
  "platform.observe": { queue: "metering", payload: z.object({}) },
  "ledger.tick": { queue: "metering", payload: z.object({}) },
  "ledger.settle": { queue: "metering", payload: z.object({}) },
  "sweep.due": { queue: "metering", payload: z.object({}) },
  "limit.predict": { queue: "enforcement", payload: z.object({}) },
  "limit.check": { queue: "enforcement", payload: account },
  "deployment.apply": { queue: "enforcement", payload: account.extend({ deploymentId: z.number().int() }) },
  "stop.carry-out": { queue: "enforcement", payload: account.extend({ stopOrderId: z.number().int() }) },
  "outbox.dispatch": { queue: "mail", payload: z.object({}) },
  "delivery.send": { queue: "mail", payload: account.extend({ deliveryId: z.number().int() }) },
} as const satisfies Record<string, { queue: QueueName; payload: z.ZodType }>;

export type JobName = keyof typeof JOBS;
export type JobPayload<Name extends JobName> = z.output<(typeof JOBS)[Name]["payload"]>;

/** Puts a job into its queue. While a job of the same `uniqueId` waits or runs, it is the same job; once that has ended or failed, a new one. */
export type Enqueue = <Name extends JobName>(
  name: Name,
  payload: JobPayload<Name>,
  options?: { delayMs?: number; uniqueId?: string },
) => Promise<void>;
