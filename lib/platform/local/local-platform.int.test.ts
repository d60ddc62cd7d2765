import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  ACCOUNT,
  aSpec,
  eventually,
  eventuallyAnswering,
  eventuallyGone,
  only,
  REF,
  usePods,
} from "./local-platform.fixture";
import { stopAllPods } from "./stop-all";

const pods = usePods();
const BY = { operationId: "op-1" };

describe("deploying", () => {
  test("a deployment becomes a running process whose endpoint answers (D1, D2)", async () => {
    const platform = pods.platform();
    const before = Date.now();
    await platform.deploy(aSpec());
    const pod = only(await eventuallyAnswering(platform, 1));
    expect(pod).toMatchObject({ ...REF, replicaIndex: 0, phase: "running", finishedAt: null });
    expect(pod.startedAt?.getTime()).toBeGreaterThanOrEqual(before - 10);
    expect(pod.startedAt?.getTime()).toBeLessThanOrEqual(Date.now());
    const answer = await fetch(String(pod.endpoint));
    expect(await answer.json()).toMatchObject({ program: "hello-http", deployment: "greeter", podUid: pod.podUid });
  });

  test("deploying again leaves what runs alone (D1)", async () => {
    const platform = pods.platform();
    await platform.deploy(aSpec({ replicas: 2 }));
    const first = await eventuallyAnswering(platform, 2);
    await platform.deploy(aSpec({ replicas: 2 }));
    expect(await eventuallyAnswering(platform, 2)).toEqual(first);
  });

  test("two workers that deploy at once start each replica once (D2, E8)", async () => {
    const workers = [pods.platform(), pods.platform(), pods.platform()];
    await Promise.all(workers.map((platform) => platform.deploy(aSpec({ replicas: 3 }))));
    await eventuallyAnswering(pods.platform(), 3);
    expect(await pods.runs()).toEqual(["r0.1", "r1.1", "r2.1"]);
  });

  test("a new driver finds the same pods with the same start and endpoint (D2)", async () => {
    const platform = pods.platform();
    await platform.deploy(aSpec({ replicas: 2 }));
    const found = await eventuallyAnswering(platform, 2);
    expect((await pods.platform().snapshot()).pods).toEqual(found);
  });

  test("more replicas are added, surplus ones ended, the others left alone (D1)", async () => {
    const platform = pods.platform();
    await platform.deploy(aSpec({ replicas: 1 }));
    const first = only(await eventuallyAnswering(platform, 1));
    await platform.deploy(aSpec({ replicas: 3 }));
    expect(await eventuallyAnswering(platform, 3)).toContainEqual(first);
    await platform.deploy(aSpec({ replicas: 1 }));
    expect(await eventuallyAnswering(platform, 1)).toEqual([first]);
    const ended = (await platform.snapshot()).pods.filter((pod) => pod.phase === "finished");
    expect(ended.map((pod) => pod.replicaIndex)).toEqual([1, 2]);
    expect(ended.every((pod) => pod.finishedAt !== null)).toBe(true);
  });

  test.each([
    ["an unknown program", { programId: "no-such" }, "not_found"],
    ["a program of another kind", { programId: "echo-model" }, "invalid_input"],
    ["no replicas", { replicas: 0 }, "invalid_input"],
    ["a thousand replicas", { replicas: 1_000 }, "invalid_input"],
    ["a name of 10,000 characters", { name: "n".repeat(10_000) }, "invalid_input"],
    ["an account id that is a path", { accountId: "../.." as unknown as number }, "invalid_input"],
  ])("%s is refused, and nothing is left of it", async (_, overrides, code) => {
    const platform = pods.platform();
    await expect(platform.deploy(aSpec(overrides))).rejects.toMatchObject({ name: "PodmeterError", code });
    expect((await platform.snapshot()).pods).toEqual([]);
  });
});

describe("stopping", () => {
  test("a stop lets the program end by itself and its end is recorded (E5)", async () => {
    const platform = pods.platform();
    await platform.deploy(aSpec());
    const running = only(await eventuallyAnswering(platform, 1));
    await platform.stop(REF, BY);
    const [ended] = await eventually(platform, (seen) => expect(seen[0]?.phase).toBe("finished"));
    expect(ended).toMatchObject({ podUid: running.podUid, startedAt: running.startedAt, endpoint: null });
    expect(ended?.finishedAt?.getTime()).toBeGreaterThanOrEqual(Number(running.startedAt));
    await platform.stop(REF, BY);
  });

  test("an unknown deployment is stopped already (E3)", async () => {
    await pods.platform().stop({ accountId: 999, deploymentId: 1 }, BY);
    const outside = { accountId: 1, deploymentId: "../../x" as unknown as number };
    await expect(pods.platform().stop(outside, BY)).rejects.toMatchObject({ code: "invalid_input" });
  });

  test("a pod that ignores its signal runs through its grace period and is then ended by force (E5)", async () => {
    const platform = pods.platform();
    await platform.deploy(aSpec({ programId: "stubborn", graceSeconds: 600 }));
    const { endpoint } = only(await eventuallyAnswering(platform, 1));
    for (const asked of [1, 2]) {
      await platform.stop(REF, { operationId: `op-${asked}` });
      await eventually(platform, async (seen) => {
        const answer = await fetch(String(endpoint), { method: "POST", body: "" });
        expect(await answer.json()).toEqual({ askedToEnd: asked });
        expect(seen[0]?.phase).toBe("running");
      });
    }
    await pods.platform(600_000).stop(REF, BY);
    const [ended] = await eventually(platform, (seen) => expect(seen[0]?.phase).toBe("finished"));
    expect(ended?.finishedAt).not.toBeNull();
  });

  test("a stop whose worker died is carried through by any other's next look (E5, E8)", async () => {
    const platform = pods.platform();
    await platform.deploy(aSpec({ programId: "stubborn" }));
    await eventuallyAnswering(platform, 1);
    await platform.stop(REF, BY);
    await pods.platform(20_000).snapshot();
    await eventually(platform, (seen) => expect(seen[0]?.phase).toBe("finished"));
  });

  test("after a stop, deploying brings new pods at the same endpoints (D2)", async () => {
    const platform = pods.platform();
    await platform.deploy(aSpec({ replicas: 2 }));
    const first = await eventuallyAnswering(platform, 2);
    await platform.stop(REF, BY);
    // At once, so that the old pods may still hold their ports.
    await platform.deploy(aSpec({ replicas: 2 }));
    await eventually(platform, (seen) => expect(seen.filter((pod) => pod.phase === "finished")).toHaveLength(2));
    const second = await eventuallyAnswering(platform, 2);
    expect(second.map((pod) => pod.endpoint)).toEqual(first.map((pod) => pod.endpoint));
    expect(new Set([...first, ...second].map((pod) => pod.podUid)).size).toBe(4);
  });

  test("a taken port is replaced by a free one", async () => {
    const platform = pods.platform();
    await platform.deploy(aSpec());
    const holder = only(await eventuallyAnswering(platform, 1));
    const port = new URL(String(holder.endpoint)).port;
    const other = { ...REF, deploymentId: 43 };
    await mkdir(join(pods.dir, String(ACCOUNT), "43"));
    await writeFile(join(pods.dir, String(ACCOUNT), "43", "port.0"), port);
    await platform.deploy(aSpec(other));
    const found = await eventuallyAnswering(platform, 2);
    expect(new Set(found.map((pod) => pod.endpoint)).size).toBe(2);
  });

  test("a shutdown ends every pod, stubborn ones too, and says how many (D2)", async () => {
    const platform = pods.platform();
    await platform.deploy(aSpec({ replicas: 2 }));
    await platform.deploy(aSpec({ deploymentId: 43, programId: "stubborn" }));
    await eventuallyAnswering(platform, 3);
    const claim = await pods.claim("r1.1");
    expect(await stopAllPods(pods.dir, { graceMs: 500 })).toBe(3);
    await eventuallyGone(claim);
    expect((await platform.snapshot()).pods.map((pod) => pod.phase)).toEqual(["finished", "finished", "finished"]);
    expect(await stopAllPods(pods.dir, { graceMs: 500 })).toBe(0);
    expect(await stopAllPods(join(pods.dir, "never-was"), { graceMs: 500 })).toBe(0);
  });
});

describe("the gate", () => {
  test("while an account is closed nothing of it is deployed; others are not affected (E4)", async () => {
    const platform = pods.platform();
    await platform.setGate(ACCOUNT, true);
    await platform.setGate(ACCOUNT, true);
    await expect(platform.deploy(aSpec())).rejects.toMatchObject({ code: "account_closed" });
    expect((await platform.snapshot()).pods).toEqual([]);
    await platform.deploy(aSpec({ accountId: 8 }));
    await eventuallyAnswering(platform, 1);
    await platform.setGate(ACCOUNT, false);
    await platform.deploy(aSpec());
    await eventuallyAnswering(platform, 2);
  });

  test("closing stops no pod, and adding a replica is refused (E4)", async () => {
    const platform = pods.platform();
    await platform.deploy(aSpec());
    const running = await eventuallyAnswering(platform, 1);
    await platform.setGate(ACCOUNT, true);
    await expect(platform.deploy(aSpec({ replicas: 2 }))).rejects.toMatchObject({ code: "account_closed" });
    expect(await eventuallyAnswering(platform, 1)).toEqual(running);
  });
});
