import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { burnedMicro, OBSERVATION_TOLERANCE_MS } from "@/lib/billing/burn";
import { readBalance } from "@/lib/credits/read-balance";
import { PodmeterError } from "@/lib/errors";
import { faultsIn } from "@/test/books";
import { Engine, HOUR, MINUTE } from "@/test/engine";

let engine: Engine;
let undisturbed: Engine;
beforeAll(async () => {
  engine = await Engine.start();
  undisturbed = await Engine.start();
});
afterAll(async () => {
  await engine.dispose();
  await undisturbed.dispose();
});

const RATE = 307_920n;
const cost = (ms: number) => burnedMicro(RATE, 0, ms);
const away = new PodmeterError("platform_unavailable", "The platform is away.");

describe("a worker that was off for an hour and a half, across the end of an hour", () => {
  test("leaves the ledger of one that never was: what ran on, what ended, and what came and went meanwhile (E8, C2, C5)", async () => {
    for (const one of [engine, undisturbed]) {
      const works = one === undisturbed;
      const accountId = await one.at("2026-03-01T00:10:00Z").account();
      expect(accountId).toBe(1);
      const ref = { accountId, deploymentId: await one.deploy(accountId, { name: "three", replicas: 3 }) };
      await one.observe();
      await one.at("2026-03-01T00:40:00Z").round([1]);
      const [ends, crashes] = one.platform.alive(ref);
      if (!ends || !crashes) throw new Error("nothing runs");
      for (let minute = 41; minute <= 130; minute++) {
        one.at(Date.parse("2026-03-01T00:00:00Z") + minute * MINUTE);
        if (minute === 55) one.platform.end(ends);
        if (minute === 70) one.platform.end(crashes);
        if (minute === 71) one.platform.start(ref, 1);
        if (minute === 80) one.platform.end(one.platform.start(ref, 2));
        if (works && minute % 3 === 0) await one.round([1]);
      }
      await one.round([1]);
      await one.at("2026-03-01T03:02:00Z").round([1]);
    }
    expect(await engine.ledger(1)).toEqual(await undisturbed.ledger(1));
    expect(await engine.usage(1)).toEqual(await undisturbed.usage(1));
    expect((await readBalance(engine.of(1))).remainingMicro).toBe(
      (await readBalance(undisturbed.of(1))).remainingMicro,
    );
    expect(await faultsIn(engine.ctx())).toEqual([]);
  });

  test("bills what vanished without a trace to when it was last seen alive (C5)", async () => {
    const accountId = await engine.at("2026-03-02T00:10:00Z").account();
    const ref = { accountId, deploymentId: await engine.deploy(accountId) };
    await engine.observe();
    await engine.at("2026-03-02T00:40:00Z").observe();
    engine.platform.pods.splice(
      0,
      engine.platform.pods.length,
      ...engine.platform.pods.filter((pod) => pod.accountId !== ref.accountId),
    );
    await engine.at("2026-03-02T02:10:00Z").round();
    expect((await readBalance(engine.of(accountId))).remainingMicro).toBe(75_000_000n - cost(30 * MINUTE));
    expect(await faultsIn(engine.ctx())).toEqual([]);
  });
});

describe("while the platform does not answer", () => {
  test("time stands still, no hour is settled and nobody is stopped by a guess; afterwards the gap is billed (C5, A6)", async () => {
    const from = Date.parse("2026-03-03T00:00:00Z");
    const accountId = await engine.at(from).account({ creditsMicro: 2_000_000n });
    const ref = { accountId, deploymentId: await engine.deploy(accountId, { replicas: 10 }) };
    await engine.at(from + 30 * MINUTE).observe();
    engine.platform.failure = away;
    const shown = 2_000_000n - 10n * cost(30 * MINUTE + OBSERVATION_TOLERANCE_MS);
    for (const minutes of [45, 75, 140, 180]) {
      engine.at(from + minutes * MINUTE);
      await expect(engine.observe()).rejects.toThrow("away");
      await engine.tick();
      await engine.settle();
      expect((await readBalance(engine.of(accountId))).remainingMicro).toBe(shown);
    }
    expect(await engine.ledger(accountId)).toHaveLength(1);
    expect(await engine.count(sql`select count(*) from stop_order where account_id = ${accountId}`)).toBe(0);
    expect((await readBalance(engine.of(accountId))).platformFailingSince).toEqual(new Date(from + 45 * MINUTE));

    engine.platform.failure = null;
    await engine.round();
    expect((await readBalance(engine.of(accountId))).remainingMicro).toBe(2_000_000n - 10n * cost(3 * HOUR));
    expect(engine.platform.alive(ref)).toEqual([]);
    expect(await faultsIn(engine.ctx())).toEqual([]);
  });

  test("a pod that is gone when it answers again is billed to its reported end (C5)", async () => {
    const accountId = await engine.at("2026-03-04T00:10:00Z").account();
    const ref = { accountId, deploymentId: await engine.deploy(accountId) };
    await engine.at("2026-03-04T00:20:00Z").observe();
    engine.platform.failure = away;
    engine.at("2026-03-04T01:25:00Z");
    const [pod] = engine.platform.alive(ref);
    if (pod) engine.platform.end(pod);
    await expect(engine.at("2026-03-04T02:10:00Z").observe()).rejects.toThrow("away");
    engine.platform.failure = null;
    await engine.round();
    expect((await readBalance(engine.of(accountId))).remainingMicro).toBe(75_000_000n - cost(75 * MINUTE));
  });

  test("that has not started yet costs nothing; each run of a container that restarts costs its own time (C4)", async () => {
    const accountId = await engine.at("2026-03-05T00:00:00Z").account();
    const deploymentId = await engine.deploy(accountId);
    const ref = { accountId, deploymentId };
    const [pod] = engine.platform.alive(ref);
    if (!pod) throw new Error("nothing runs");
    Object.assign(pod, { phase: "pending", startedAt: null, endpoint: null });
    await engine.pass(20 * MINUTE).observe();
    Object.assign(pod, { phase: "running", startedAt: engine.clock.now });
    await engine.pass(10 * MINUTE).observe();
    engine.platform.end(pod);
    engine.pass(5 * MINUTE);
    const again = engine.platform.start(ref);
    await engine.pass(7 * MINUTE).observe();
    engine.platform.end(again);
    await engine.pass(MINUTE).observe();
    expect((await readBalance(engine.of(accountId))).remainingMicro).toBe(
      75_000_000n - cost(10 * MINUTE) - cost(7 * MINUTE),
    );
  });
});
