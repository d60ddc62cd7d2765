import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { log } from "@/lib/log";
import { runtime } from "@/lib/runtime";

const PATIENCE_MS = 2_000;

/** Whether the database answers, soon enough for a page (O2). */
export async function isReady(): Promise<boolean> {
  try {
    const answered = Promise.resolve(runtime().db.execute(sql`select 1`)).then(() => true);
    return await Promise.race([answered, sleep(PATIENCE_MS, false, { ref: false })]);
  } catch (error) {
    log.warn({ err: error }, "the database does not answer");
    return false;
  }
}
