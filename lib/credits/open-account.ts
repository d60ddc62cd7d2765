import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { FREE_CREDITS_MICRO, FREE_RUNS } from "@/lib/billing/plans";
import type { Context } from "@/lib/context";
import { at, firstRow, id } from "@/lib/db/rows";

/** Accounts are spread over shards, so that several workers share the work and no settlement holds many locks for long. */
export const SHARD_COUNT = 16;

const openAccountInput = z.object({
  name: z.string().trim().min(1).max(100),
  timeZone: z
    .string()
    .refine(
      (zone) => Intl.supportedValuesOf("timeZone").includes(zone) || zone === "UTC",
      "is not a time zone, for example Europe/Berlin",
    ),
  planId: z.string(),
  creditsMicro: z.bigint().nonnegative().default(FREE_CREDITS_MICRO),
  runs: z.bigint().nonnegative().default(FREE_RUNS),
});

/** Opens an account with its free grants (A1) and a public id that nobody can guess (R2). */
export async function openAccount(
  ctx: Context,
  raw: z.input<typeof openAccountInput>,
): Promise<{ accountId: number; publicId: string }> {
  const input = openAccountInput.parse(raw);
  const publicId = `acc_${randomBytes(9).toString("base64url").replaceAll(/[-_]/g, "x")}`;
  const row = await firstRow(
    ctx.db,
    z.object({ account_id: id }),
    sql`select open_account(${publicId}, ${input.name}, ${input.timeZone}, ${input.planId}, ${SHARD_COUNT}, ${input.creditsMicro}, ${input.runs}, ${ctx.actor}, ${at(ctx.now)}) as account_id`,
  );
  return { accountId: row?.account_id ?? 0, publicId };
}
