import { sql } from "drizzle-orm";
import { z } from "zod";
import { RESOURCE_KINDS } from "@/lib/billing/kinds";
import type { HardwareProfile } from "@/lib/billing/price-book";
import type { Context } from "@/lib/context";
import { at, micro, rows } from "@/lib/db/rows";

const profileRow = z.object({
  profile_id: z.string(),
  kind: z.enum(RESOURCE_KINDS),
  vcpus: z.number(),
  memory_gb: z.number(),
  gpu_type: z.string().nullable(),
  gpu_count: z.number(),
  credits_per_hour_micro: micro,
});

/** The hardware profiles with the price in force at `ctx.now` (P4), by kind, cheapest first. */
export async function listProfiles(ctx: Context): Promise<HardwareProfile[]> {
  const found = await rows(
    ctx.db,
    profileRow,
    sql`select h.profile_id, h.kind, h.vcpus, h.memory_gb, h.gpu_type, h.gpu_count, p.credits_per_hour_micro
      from hardware_profile h
      join lateral (
        select credits_per_hour_micro from price where profile_id = h.profile_id and in_force_from <= ${at(ctx.now)} order by in_force_from desc limit 1
      ) p on true
      order by h.kind, p.credits_per_hour_micro`,
  );
  return found.map((row) => ({
    profileId: row.profile_id,
    kind: row.kind,
    vcpus: row.vcpus,
    memoryGb: row.memory_gb,
    gpuType: row.gpu_type,
    gpuCount: row.gpu_count,
    creditsPerHourMicro: row.credits_per_hour_micro,
  }));
}
