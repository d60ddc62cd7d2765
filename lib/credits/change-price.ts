import { sql } from "drizzle-orm";
import { z } from "zod";
import { parseCredits } from "@/lib/billing/amount";
import type { Context } from "@/lib/context";
import { at, firstRow } from "@/lib/db/rows";
import { PodmeterError } from "@/lib/errors";

/** The dearest price per hour that the arithmetic is made for: a million credits. */
const MAX_PRICE_MICRO = 1_000_000_000_000n;

export const priceInput = z.object({
  profileId: z.string().max(60),
  creditsPerHour: z
    .string()
    .trim()
    .transform((text, check) => {
      const creditsMicro = parseCredits(text);
      if (creditsMicro !== null && creditsMicro >= 0n && creditsMicro <= MAX_PRICE_MICRO) return creditsMicro;
      check.addIssue({
        code: "custom",
        message: "A price is from 0 to 1,000,000 credits per hour, with at most six decimals.",
      });
      return z.NEVER;
    }),
  /** Null: from now on. */
  inForceFrom: z.date().nullable(),
});

/**
 * Puts a price in force from an instant (C3). What runs is split there; nothing that was used before is charged anew. Returns how many
 * running intervals were split.
 */
export async function changePrice(ctx: Context, raw: z.input<typeof priceInput>): Promise<{ split: number }> {
  const input = priceInput.parse(raw);
  const from = input.inForceFrom ?? ctx.now;
  if (from < ctx.now)
    throw new PodmeterError(
      "invalid_input",
      "A price cannot begin in the past: what was used is not charged anew. Choose an instant to come.",
    );
  const profile = await firstRow(
    ctx.db,
    z.object({ profile_id: z.string() }),
    sql`select profile_id from hardware_profile where profile_id = ${input.profileId}`,
  );
  if (!profile) throw new PodmeterError("not_found", "There is no such hardware profile. Choose one from the list.");
  const row = await firstRow(
    ctx.db,
    z.object({ split: z.number().nullable() }),
    sql`select change_price(${input.profileId}, ${at(from)}, ${input.creditsPerHour}, ${ctx.actor}, ${at(ctx.now)}) as split`,
  );
  if (typeof row?.split !== "number")
    throw new PodmeterError("conflict", "A later price of this profile is known already. Choose an instant after it.");
  return { split: row.split };
}
