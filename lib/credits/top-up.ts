import { sql } from "drizzle-orm";
import { z } from "zod";
import { MAX_CREDITS_MICRO, MAX_RUNS, parseCredits, parseRuns } from "@/lib/billing/amount";
import type { AccountContext } from "@/lib/context";
import { settleGrants } from "@/lib/credits/settle-grants";
import { firstRow, micro } from "@/lib/db/rows";
import { PodmeterError } from "@/lib/errors";

const credits = z
  .string()
  .trim()
  .transform((text, check) => {
    const creditsMicro = text === "" ? 0n : parseCredits(text);
    if (creditsMicro !== null && creditsMicro >= 0n) return creditsMicro;
    check.addIssue({
      code: "custom",
      message: "Credits are a positive number with at most six decimals, up to 1,000,000,000.",
    });
    return z.NEVER;
  });
const runs = z
  .string()
  .trim()
  .transform((text, check) => {
    const runs = text === "" ? 0n : parseRuns(text);
    if (runs !== null) return runs;
    check.addIssue({ code: "custom", message: "Runs are a whole number, up to 1,000,000,000." });
    return z.NEVER;
  });

/** An operator's top-up as the form sends it. */
export const topUpInput = z
  .object({
    credits: credits.default(0n),
    runs: runs.default(0n),
    /** When what is left of it ends; by default never. */
    expiresAt: z.date().nullable().default(null),
    kind: z.enum(["top_up", "adjustment"]).default("top_up"),
    reason: z
      .string()
      .trim()
      .min(3, "Say why, in a few words: it goes into the ledger and the audit log.")
      .max(500, "The reason may have at most 500 characters."),
    /** Made once per form, so that a form sent twice adds once. */
    ref: z.string().min(8).max(100),
  })
  .refine((input) => input.credits > 0n || input.runs > 0n, {
    path: ["credits"],
    message: "Add at least one credit or one run.",
  });

/**
 * Adds credits or runs (A3): in force at once; opens a closed account whose balance comes above its limit, and takes back
 * the stops that nobody has begun (E6). The same reference counts once.
 */
export async function topUp(
  ctx: AccountContext,
  raw: z.input<typeof topUpInput>,
): Promise<{ added: boolean; stopsCancelled: number }> {
  const input = topUpInput.parse(raw);
  if (input.expiresAt && input.expiresAt <= ctx.now) {
    throw new PodmeterError(
      "invalid_input",
      "The end of these credits lies in the past. Nothing was added; choose a later day, or none.",
    );
  }
  const totals = await firstRow(
    ctx.db,
    z.object({ granted_micro: micro, runs_granted: micro }),
    sql`select granted_micro, runs_granted from account where account_id = ${ctx.accountId}`,
  );
  if (!totals) throw new PodmeterError("not_found", "There is no such account.");
  if (totals.granted_micro + input.credits > MAX_CREDITS_MICRO || totals.runs_granted + input.runs > MAX_RUNS) {
    throw new PodmeterError(
      "invalid_input",
      "With this top-up the account would have more than 1,000,000,000 credits or runs. Nothing was added; check the amount.",
    );
  }
  return settleGrants(ctx, [
    {
      kind: input.kind,
      creditsMicro: input.credits,
      runs: input.runs,
      inForceFromMs: ctx.now.getTime(),
      expiresAtMs: input.expiresAt?.getTime() ?? null,
      reason: input.reason,
      ref: input.ref,
    },
  ]);
}
