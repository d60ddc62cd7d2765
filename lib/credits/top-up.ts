import { sql } from "drizzle-orm";
import { z } from "zod";
import { MAX_CREDITS_MICRO, MAX_RUNS, parseCredits } from "@/lib/billing/amount";
import type { AccountContext } from "@/lib/context";
import { at, firstRow } from "@/lib/db/rows";
import { PodmeterError } from "@/lib/errors";

const credits = z
  .string()
  .trim()
  .transform((text, check) => {
    const creditsMicro = text === "" ? 0n : parseCredits(text.replaceAll(",", ""));
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
    const digits = text.replaceAll(",", "");
    if (/^\d{0,10}$/.test(digits) && BigInt(digits || "0") <= MAX_RUNS) return BigInt(digits || "0");
    check.addIssue({ code: "custom", message: "Runs are a whole number, up to 1,000,000,000." });
    return z.NEVER;
  });

/** An operator's top-up as the form sends it. */
export const topUpInput = z
  .object({
    credits: credits.default(0n),
    runs: runs.default(0n),
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
  const totals = await firstRow(
    ctx.db,
    z.object({ granted_micro: z.coerce.bigint() }),
    sql`select granted_micro from account where account_id = ${ctx.accountId}`,
  );
  if (!totals) throw new PodmeterError("not_found", "There is no such account.");
  if (totals.granted_micro + input.credits > MAX_CREDITS_MICRO) {
    throw new PodmeterError(
      "invalid_input",
      "With this top-up the account would have more than 1,000,000,000 credits. Nothing was added; check the amount.",
    );
  }
  const row = await firstRow(
    ctx.db,
    z.object({ cancelled: z.number().nullable() }),
    sql`select grant_credit(${ctx.accountId}, 'top_up', ${input.credits}, ${input.runs}, null, ${input.reason}, ${ctx.actor}, ${input.ref}, ${at(ctx.now)}) as cancelled`,
  );
  return { added: row?.cancelled !== null, stopsCancelled: row?.cancelled ?? 0 };
}
