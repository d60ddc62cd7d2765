import { sql } from "drizzle-orm";
import { z } from "zod";
import { MS_PER_HOUR, owedMicro, runningMs } from "@/lib/billing/burn";
import { RESOURCE_KINDS } from "@/lib/billing/kinds";
import type { AccountContext } from "@/lib/context";
import { settleGrants } from "@/lib/credits/settle-grants";
import { at, firstRow, id, instant, json, micro, rows } from "@/lib/db/rows";
import { PodmeterError } from "@/lib/errors";

const reasonInput = z
  .string()
  .trim()
  .min(3, "Say why, in a few words: it goes into the ledger and the audit log.")
  .max(500, "The reason may have at most 500 characters.");

const lineInput = z.object({
  seq: z.number().int(),
  hour: z.date(),
  deploymentId: z.number().int(),
  resourceId: z.number().int(),
  /** What is given back. */
  creditsMicro: z.bigint().positive("Give back more than nothing."),
  reason: reasonInput,
  ref: z.string().min(8).max(100),
});

const podInput = z.object({ podUid: z.string().min(1).max(200), reason: reasonInput, ref: z.string().min(8).max(100) });

type CorrectionRow = {
  hour: string;
  resourceId: number;
  deploymentId: number;
  kind: string;
  component: string;
  creditsMicro: string;
  runningMs: string;
};

const TOO_MUCH = "This gives back more than was charged there. Nothing was changed; check the amount against the line.";

/** Gives back credits of one resource in one settled hour (C8): a new line that refers to the old one. */
export async function correctUsage(ctx: AccountContext, raw: z.input<typeof lineInput>): Promise<void> {
  const input = lineInput.parse(raw);
  const charged = await firstRow(
    ctx.db,
    z.object({ kind: z.enum(RESOURCE_KINDS), component: z.string() }),
    sql`select kind, component from usage where account_id = ${ctx.accountId} and ledger_seq = ${input.seq} and hour = ${at(input.hour)}
      and deployment_id = ${input.deploymentId} and resource_id = ${input.resourceId}`,
  );
  if (!charged) throw new PodmeterError("not_found", "This ledger line does not charge that hour.");
  await write(
    ctx,
    [
      {
        hour: input.hour.toISOString(),
        resourceId: input.resourceId,
        deploymentId: input.deploymentId,
        kind: charged.kind,
        component: charged.component,
        creditsMicro: input.creditsMicro.toString(),
        runningMs: "0",
      },
    ],
    { ...input, correctsSeq: input.seq },
  );
}

const segmentRow = z.object({
  deployment_id: id,
  resource_id: id,
  kind: z.enum(RESOURCE_KINDS),
  started_at: instant,
  ended_at: instant.nullable(),
  rate_micro_per_hour: micro,
  settled_through: instant,
});

/** Gives back everything that was charged for a pod that never was (C8). It must have ended, and its last hour must be settled. */
export async function correctPod(ctx: AccountContext, raw: z.input<typeof podInput>): Promise<void> {
  const input = podInput.parse(raw);
  const segments = await rows(
    ctx.db,
    segmentRow,
    sql`select s.deployment_id, s.resource_id, s.kind, s.started_at, s.ended_at, s.rate_micro_per_hour, a.settled_through
      from segment s join account a on a.account_id = s.account_id where s.account_id = ${ctx.accountId} and s.pod_uid = ${input.podUid}`,
  );
  if (segments.length === 0) throw new PodmeterError("not_found", "There is no such pod on record.");
  if (segments.some((segment) => segment.ended_at === null || segment.ended_at > segment.settled_through)) {
    throw new PodmeterError(
      "conflict",
      "This pod still runs, or its last hour is not settled yet. Stop it, and correct it two minutes after the full hour.",
    );
  }
  const hours = new Map<
    string,
    { row: Omit<CorrectionRow, "creditsMicro" | "runningMs">; creditsMicro: bigint; runningMs: number }
  >();
  for (const segment of segments) {
    const interval = {
      rateMicroPerHour: segment.rate_micro_per_hour,
      startedAtMs: segment.started_at.getTime(),
      endedAtMs: segment.ended_at?.getTime() ?? null,
    };
    for (
      let hourMs = Math.floor(interval.startedAtMs / MS_PER_HOUR) * MS_PER_HOUR;
      hourMs < (interval.endedAtMs ?? 0);
      hourMs += MS_PER_HOUR
    ) {
      const hour = new Date(hourMs).toISOString();
      const key = `${hour}/${segment.deployment_id}`;
      const before = hours.get(key) ?? {
        row: {
          hour,
          resourceId: segment.resource_id,
          deploymentId: segment.deployment_id,
          kind: segment.kind,
          component: "hosting",
        },
        creditsMicro: 0n,
        runningMs: 0,
      };
      hours.set(key, {
        row: before.row,
        creditsMicro: before.creditsMicro + owedMicro(interval, hourMs, hourMs + MS_PER_HOUR),
        runningMs: before.runningMs + runningMs(interval, hourMs, hourMs + MS_PER_HOUR),
      });
    }
  }
  if (hours.size === 0)
    throw new PodmeterError(
      "conflict",
      "This pod ended in the instant that it began: nothing was charged, so there is nothing to give back.",
    );
  const corrections = [...hours.values()].map(({ row, ...amounts }) => ({
    ...row,
    creditsMicro: amounts.creditsMicro.toString(),
    runningMs: amounts.runningMs.toString(),
  }));
  await write(ctx, corrections, { ...input, reason: `${input.reason} (pod ${input.podUid})`, correctsSeq: null });
}

async function write(
  ctx: AccountContext,
  corrections: readonly CorrectionRow[],
  options: { correctsSeq: number | null; reason: string; ref: string },
): Promise<void> {
  const row = await firstRow(
    ctx.db,
    z.object({ corrected: z.boolean() }),
    sql`select correct_usage(${ctx.accountId}, ${json(corrections)}, ${options.correctsSeq}, ${options.reason}, ${ctx.actor}, ${options.ref}, ${at(ctx.now)}) as corrected`,
  );
  if (!row?.corrected) throw new PodmeterError("invalid_input", TOO_MUCH);
  await settleGrants(ctx);
}
