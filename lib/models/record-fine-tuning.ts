import { sql } from "drizzle-orm";
import { z } from "zod";
import { MAX_CREDITS_MICRO } from "@/lib/billing/amount";
import { type FineTuningCharge, type FineTuningJob, fineTuningCharge, SIZE_CLASSES } from "@/lib/billing/fine-tuning";
import { decideFineTuning } from "@/lib/billing/gate";
import type { AccountContext } from "@/lib/context";
import { gateStateOf, readBalance } from "@/lib/credits/read-balance";
import { assertAllowed } from "@/lib/credits/refusals";
import { at, firstRow, id, json, micro } from "@/lib/db/rows";
import { PodmeterError } from "@/lib/errors";

/** Longer than any job: a hundred years of GPU time. */
const MAX_GPU_MS = 100 * 365 * 24 * 3_600_000;
const MAX_TOKENS = 1_000_000_000_000_000n;

const fineTuningInput = z.object({
  /** The model that was trained. */
  model: z.union([z.object({ resourceId: z.number().int() }), z.object({ name: z.string().trim().min(1).max(60) })]),
  profileId: z.string().max(60),
  /** With hours as the job reported them, or with what they are estimated from. */
  job: z.discriminatedUnion("basis", [
    z.object({
      basis: z.literal("reported"),
      gpuMs: z
        .number()
        .int("GPU time is a whole number of milliseconds.")
        .nonnegative("GPU time is not negative.")
        .max(MAX_GPU_MS, "GPU time is at most a hundred years."),
    }),
    z.object({
      basis: z.literal("estimated"),
      trainingTokens: z
        .bigint()
        .positive("Training takes at least one token.")
        .max(MAX_TOKENS, "At most 10^15 training tokens."),
      epochs: z
        .number()
        .int("Epochs are whole.")
        .min(1, "Training takes at least one epoch.")
        .max(1_000, "At most 1,000 epochs."),
      sizeClass: z.enum(SIZE_CLASSES),
    }),
  ]),
  /** The job's own: the same key counts once. */
  key: z.string().min(1).max(200),
  occurredAt: z.date(),
});

/** May a fine-tuning job be started now? Refuses in words at or below 25 credits (A8). */
export async function startFineTuning(ctx: AccountContext, options: { supportEmail: string }): Promise<void> {
  assertAllowed(decideFineTuning(gateStateOf(await readBalance(ctx))), options.supportEmail);
}

/**
 * Charges a fine-tuning job once by its key (P2), at the price in force when it took place, with the formula and its inputs beside the charge. A job that
 * has run is charged whatever is left (A5).
 */
export async function recordFineTuning(
  ctx: AccountContext,
  raw: z.input<typeof fineTuningInput>,
): Promise<FineTuningCharge & { recorded: boolean }> {
  const input = fineTuningInput.parse(raw);
  if (input.occurredAt > ctx.now)
    throw new PodmeterError(
      "invalid_input",
      "This job lies in the future. Nothing was charged; report it when it ran.",
    );
  const { profileId } = input;
  const model = "name" in input.model ? sql`name = ${input.model.name}` : sql`resource_id = ${input.model.resourceId}`;
  const [resource, price] = await Promise.all([
    firstRow(
      ctx.db,
      z.object({ resource_id: id }),
      sql`select resource_id from resource where account_id = ${ctx.accountId} and kind = 'model' and ${model}
        order by deleted_at desc nulls first, resource_id desc limit 1`,
    ),
    firstRow(
      ctx.db,
      z.object({ rate: micro }),
      sql`select p.credits_per_hour_micro as rate from price p join hardware_profile h on h.profile_id = p.profile_id
        where p.profile_id = ${profileId} and h.kind = 'model' and p.in_force_from <= ${at(input.occurredAt)} order by p.in_force_from desc limit 1`,
    ),
  ]);
  if (!resource) throw new PodmeterError("not_found", "There is no such model. Nothing was charged.");
  if (!price)
    throw new PodmeterError(
      "not_found",
      "There is no such hardware for models, or it had no price then. Nothing was charged.",
    );
  const job: FineTuningJob = input.job.basis === "estimated" ? { ...input.job, profileId } : input.job;
  const charge = fineTuningCharge(job, price.rate);
  if (!charge) {
    throw new PodmeterError(
      "invalid_input",
      "Models of this size do not train on this hardware, so its hours cannot be estimated. Nothing was charged; report the hours.",
    );
  }
  if (charge.creditsMicro > MAX_CREDITS_MICRO)
    throw new PodmeterError(
      "invalid_input",
      "This job would cost more than 1,000,000,000 credits. Nothing was charged; check its numbers.",
    );
  const event = {
    accountId: ctx.accountId,
    key: input.key,
    kind: "model",
    component: "fine_tuning",
    resourceId: resource.resource_id,
    runs: "0",
    creditsMicro: charge.creditsMicro.toString(),
    occurredAt: input.occurredAt.toISOString(),
    detail: {
      formula: charge.formula,
      inputs: {
        ...input.job,
        ...(input.job.basis === "estimated" ? { trainingTokens: input.job.trainingTokens.toString() } : {}),
        profileId,
        creditsPerHourMicro: price.rate.toString(),
      },
      gpuMs: charge.gpuMs,
    },
  };
  const row = await firstRow(
    ctx.db,
    z.object({ outcome: z.enum(["recorded", "duplicate"]) }),
    sql`select outcome from record_events(${json([event])}, false, ${at(ctx.now)})`,
  );
  return { ...charge, recorded: row?.outcome === "recorded" };
}
