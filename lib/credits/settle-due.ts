import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/lib/context";
import { at, firstRow } from "@/lib/db/rows";

/** Settles every finished hour of a shard's accounts (DESIGN §1). Returns the number of hours; 0 when there was nothing to do. */
export async function settleDue(ctx: Context, shard: number): Promise<number> {
  const row = await firstRow(
    ctx.db,
    z.object({ hours: z.number() }),
    sql`select settle_due(${shard}::smallint, ${at(ctx.now)}) as hours`,
  );
  return row?.hours ?? 0;
}
