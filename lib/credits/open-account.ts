import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { MAX_CREDITS_MICRO, MAX_RUNS } from "@/lib/billing/amount";
import { FREE_CREDITS_MICRO, FREE_RUNS } from "@/lib/billing/plans";
import type { Context } from "@/lib/context";
import { anchorDayOf, cycleAt } from "@/lib/credits/cycle";
import { settleGrants } from "@/lib/credits/settle-grants";
import { at, firstRow, id } from "@/lib/db/rows";
import { PodmeterError } from "@/lib/errors";

/** Accounts are spread over shards, so that several workers share the work and no settlement holds many locks for long. */
export const SHARD_COUNT = 16;

/** Asked by use: the list of names that a runtime offers leaves out some that it knows, Asia/Kolkata for one. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

const openAccountInput = z.object({
  name: z.string().trim().min(1, "Give the account a name.").max(100, "The name may have at most 100 characters."),
  timeZone: z.string().refine(isTimeZone, "This is not a time zone; write one like Europe/Berlin."),
  planId: z.string(),
  /** The free grant's credits and runs (A1), and when it ends: by default never. */
  creditsMicro: z
    .bigint()
    .nonnegative("An account does not begin with negative credits.")
    .max(MAX_CREDITS_MICRO, "An account begins with at most 1,000,000,000 credits.")
    .default(FREE_CREDITS_MICRO),
  runs: z
    .bigint()
    .nonnegative("An account does not begin with negative runs.")
    .max(MAX_RUNS, "An account begins with at most 1,000,000,000 runs.")
    .default(FREE_RUNS),
  freeExpiresAt: z.date().nullable().default(null),
  /** The day on which billing cycles begin; by default the day of today in the account's time zone (A9). */
  anchorDay: z
    .number()
    .int()
    .min(1, "A billing cycle begins on a day from 1 to 31.")
    .max(31, "A billing cycle begins on a day from 1 to 31.")
    .optional(),
});

/** Opens an account with its free grant (A1), its first billing cycle (A9), and a public id that nobody can guess (R2). */
export async function openAccount(
  ctx: Context,
  raw: z.input<typeof openAccountInput>,
): Promise<{ accountId: number; publicId: string }> {
  const input = openAccountInput.parse(raw);
  if (input.freeExpiresAt && input.freeExpiresAt <= ctx.now) {
    throw new PodmeterError(
      "invalid_input",
      "The end of the free credits lies in the past. No account was opened; choose a later day, or none.",
    );
  }
  const plan = await firstRow(
    ctx.db,
    z.object({ plan_id: z.string() }),
    sql`select plan_id from plan where plan_id = ${input.planId}`,
  );
  if (!plan)
    throw new PodmeterError("not_found", "There is no such plan. No account was opened; choose one from the list.");
  const publicId = `acc_${randomBytes(9).toString("base64url").replaceAll(/[-_]/g, "x")}`;
  const anchorDay = input.anchorDay ?? anchorDayOf(input.timeZone, ctx.now.getTime());
  const cycle = cycleAt(anchorDay, input.timeZone, ctx.now.getTime());
  const row = await firstRow(
    ctx.db,
    z.object({ account_id: id }),
    sql`select open_account(${publicId}, ${input.name}, ${input.timeZone}, ${input.planId}, ${SHARD_COUNT}, ${anchorDay},
      ${at(new Date(cycle.startMs))}, ${at(new Date(cycle.endMs))}, ${at(ctx.now)}) as account_id`,
  );
  const accountId = row?.account_id ?? 0;
  const welcome = {
    kind: "free" as const,
    creditsMicro: input.creditsMicro,
    runs: input.runs,
    inForceFromMs: ctx.now.getTime(),
    expiresAtMs: input.freeExpiresAt?.getTime() ?? null,
    reason: "Welcome to your new account",
    ref: "opening",
  };
  await settleGrants({ ...ctx, accountId }, input.creditsMicro + input.runs > 0n ? [welcome] : []);
  return { accountId, publicId };
}
