import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { burnedMicro } from "@/lib/billing/burn";
import { instant, rows } from "@/lib/db/rows";
import type { JobName } from "@/lib/queue/catalogue";
import { Engine, HOUR, MINUTE, SUPPORT } from "@/test/engine";
import type { Dependencies } from "./dependencies";
import { handlers } from "./handlers";

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start();
});
afterAll(() => engine.dispose());

/** The worker's handlers on the engine's clock and platform; jobs that they ask for are noted and nobody does them. */
function worker(): { deps: Dependencies; asked: JobName[] } {
  const asked: JobName[] = [];
  const deps: Dependencies = {
    db: engine.db,
    env: { APP_URL: "http://localhost:3000", SUPPORT_EMAIL: SUPPORT },
    platform: engine.platform,
    queues: { enqueue: async (name) => void asked.push(name) },
    mailer: { send: async () => {}, close: () => {} },
    memory: { finished: new Set() },
    now: () => engine.clock.now,
  };
  return { deps, asked };
}

describe("a worker that comes back after an hour and a half", () => {
  test.each([
    ["ticks first", ["platform.observe", "ledger.tick", "ledger.settle"] as const],
    ["settles first", ["platform.observe", "ledger.settle", "ledger.tick"] as const],
  ])(
    "and %s knows the true crossing, to the millisecond, in the middle of an hour that is over (E2, E8)",
    async (name, order) => {
      const from = Date.parse(name === "ticks first" ? "2026-03-01T00:00:00Z" : "2026-03-02T00:00:00Z");
      const accountId = await engine.at(from).account({ creditsMicro: 1_100_000n });
      await engine.deploy(accountId, { replicas: 20 });
      await engine.pass(MINUTE).observe();
      // 6.1 credits at 20 × 0.30792 an hour: half a minute before the first hour is over.
      engine.at(from + 99 * MINUTE);
      const { deps, asked } = worker();
      for (const job of order) await handlers[job](deps, {});
      const owed = (ms: number) => 20n * burnedMicro(307_920n, from, ms);
      const [stop] = await rows(
        engine.db,
        z.object({ crossed_at: instant }),
        sql`select crossed_at from stop_order where account_id = ${accountId} and reason = 'limit'`,
      );
      const crossedMs = stop?.crossed_at.getTime() ?? 0;
      expect(crossedMs).toBeLessThan(from + HOUR);
      expect(owed(crossedMs)).toBeGreaterThanOrEqual(6_100_000n);
      expect(owed(crossedMs - 1)).toBeLessThan(6_100_000n);
      expect(asked).toContain("stop.carry-out");
    },
  );
});
