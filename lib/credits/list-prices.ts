import { sql } from "drizzle-orm";
import { z } from "zod";
import type { HardwareProfile } from "@/lib/billing/price-book";
import type { Context } from "@/lib/context";
import { at, instant, micro, rows } from "@/lib/db/rows";
import { listProfiles } from "@/lib/deployments/list-profiles";

export type PriceFrom = { inForceFrom: Date; creditsPerHourMicro: bigint; actor: string };

/** A profile with its price now, since when, and the prices that are to come, soonest first (C3). */
export type PricedProfile = HardwareProfile & { current: PriceFrom | null; coming: PriceFrom[] };

const priceRow = z.object({
  profile_id: z.string(),
  in_force_from: instant,
  credits_per_hour_micro: micro,
  actor: z.string(),
});

/** The price book at `ctx.now` and what is known of its future, by kind, cheapest first (C3, P4). */
export async function listPrices(ctx: Context): Promise<PricedProfile[]> {
  const [profiles, found] = await Promise.all([
    listProfiles(ctx),
    rows(
      ctx.db,
      priceRow,
      sql`select p.profile_id, p.in_force_from, p.credits_per_hour_micro, p.actor from price p
        where p.in_force_from > ${at(ctx.now)} or p.in_force_from = (
          select max(in_force_from) from price where profile_id = p.profile_id and in_force_from <= ${at(ctx.now)}
        )
        order by p.in_force_from`,
    ),
  ]);
  return profiles.map((profile) => {
    const prices = found
      .filter((row) => row.profile_id === profile.profileId)
      .map((row) => ({
        inForceFrom: row.in_force_from,
        creditsPerHourMicro: row.credits_per_hour_micro,
        actor: row.actor,
      }));
    return {
      ...profile,
      current: prices.find((price) => price.inForceFrom <= ctx.now) ?? null,
      coming: prices.filter((price) => price.inForceFrom > ctx.now),
    };
  });
}
