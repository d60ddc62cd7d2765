import { z } from "zod";
import { METERS, type Meter } from "@/lib/billing/kinds";
import { RANGE_PRESETS, type RangePreset } from "@/lib/usage/range";

/** The whole state of the page, as its address says it. What it does not know, it takes for the default. */
const query = z.object({
  range: z.enum(RANGE_PRESETS).catch("30d"),
  meter: z.enum(METERS).catch("credits"),
});

export type UsageQuery = { range: RangePreset; meter: Meter };
export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

export async function readUsageQuery(searchParams: SearchParams): Promise<UsageQuery> {
  return query.parse(await searchParams);
}

export function usageHref({ range, meter }: UsageQuery): string {
  return `/settings/billing/usage?${new URLSearchParams({ range, meter })}`;
}

export const RANGE_WORDS: Record<RangePreset, { short: string; long: string }> = {
  "24h": { short: "24 hours", long: "last 24 hours" },
  "7d": { short: "7 days", long: "last 7 days" },
  "30d": { short: "30 days", long: "last 30 days" },
  "90d": { short: "90 days", long: "last 90 days" },
};
