import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { topUp } from "@/lib/credits/top-up";
import { rows } from "@/lib/db/rows";
import { createWorkflow, runWorkflow } from "@/lib/workflows/run-workflow";
import { faultsIn } from "@/test/books";
import { Engine, HOUR, SUPPORT } from "@/test/engine";

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start();
});
afterAll(() => engine.dispose());

/** What was told of crossings, in order: the meter and the threshold. */
async function told(accountId: number): Promise<string[]> {
  const messages = await rows(
    engine.db,
    z.object({ text: z.string() }),
    sql`select payload ->> 'meter' || ' ' || (payload ->> 'threshold') as text from outbox
      where account_id = ${accountId} and kind in ('threshold', 'used_up', 'limit_reached') order by outbox_id`,
  );
  return messages.map(({ text }) => text);
}

describe("a crossing", () => {
  test("is told at exactly its run, never one early, and once each, however often anybody looks (N4, N5)", async () => {
    const accountId = await engine.account({ runs: 100n });
    const { resourceId } = await createWorkflow(engine.of(accountId), { name: "counted" });
    const crossedAt: Record<string, number> = {};
    for (let run = 1; run <= 100; run++) {
      await runWorkflow(engine.of(accountId), { resourceId, key: `run ${run}` }, { supportEmail: SUPPORT });
      if (![49, 50, 51, 69, 70, 79, 80, 89, 90, 99, 100].includes(run)) continue;
      await engine.tick();
      await engine.tick();
      for (const message of await told(accountId)) crossedAt[message] ??= run;
    }
    expect(crossedAt).toEqual({ "runs 50": 50, "runs 70": 70, "runs 80": 80, "runs 90": 90, "runs 100": 100 });
    expect(await told(accountId)).toHaveLength(5);
  });

  test("is armed again by a top-up that goes back under it; those still crossed are not told a second time (N5)", async () => {
    const accountId = await engine.at("2026-03-01T00:00:00Z").account({ creditsMicro: 10_000_000n });
    await engine.deploy(accountId, { profileId: "model-a100x1" });
    const hours = async (passed: number) => {
      await engine.pass(passed * HOUR).observe();
      await engine.tick();
    };
    await engine.observe();
    await hours(1.25);
    expect(await told(accountId)).toEqual(["credits 70"]);
    // 7.5 used of 12.5: under 70 % again, still above 50 %.
    await topUp(engine.of(accountId), { credits: "2.5", reason: "a little", ref: "crossings-1" });
    await engine.tick();
    expect(await told(accountId)).toEqual(["credits 70"]);
    await hours(0.25);
    expect(await told(accountId)).toEqual(["credits 70", "credits 70"]);
    // 9 used of 22.5: under all of them.
    await topUp(engine.of(accountId), { credits: "10", reason: "some more", ref: "crossings-2" });
    await hours(0.4);
    expect(await told(accountId)).toEqual(["credits 70", "credits 70", "credits 50"]);
    expect(await faultsIn(engine.ctx())).toEqual([]);
  });

  test("of one meter is not told again because the other one was topped up (N5)", async () => {
    const accountId = await engine.at("2026-03-02T00:00:00Z").account({ creditsMicro: 10_000_000n, runs: 4n });
    const { resourceId } = await createWorkflow(engine.of(accountId), { name: "counted" });
    for (const key of ["a", "b"])
      await runWorkflow(engine.of(accountId), { resourceId, key }, { supportEmail: SUPPORT });
    await engine.deploy(accountId, { profileId: "model-a100x1" });
    await engine.observe();
    await engine.pass(HOUR).observe();
    await engine.tick();
    expect((await told(accountId)).sort()).toEqual(["credits 50", "runs 50"]);
    await topUp(engine.of(accountId), { runs: "100", reason: "runs only", ref: "crossings-3" });
    await engine.tick();
    expect((await told(accountId)).sort()).toEqual(["credits 50", "runs 50"]);
  });
});
