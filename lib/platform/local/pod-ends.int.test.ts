import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
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
import { isAlive, livingIdentities } from "./processes";
import { SHIM_FILE } from "./shipped-files";
import { stopAllPods } from "./stop-all";

const pods = usePods();
const DAY_MS = 24 * 3_600_000;

describe("how a pod's end becomes known", () => {
  test("a pod that dies by SIGKILL has its end in the very next snapshot (D2, C5)", async () => {
    const platform = pods.platform();
    await platform.deploy(aSpec());
    const running = only(await eventuallyAnswering(platform, 1));
    const { program } = await pods.claim();
    const { observedAt } = await platform.snapshot();
    process.kill(program.pid, "SIGKILL");
    await vi.waitFor(async () => expect(await isAlive(program)).toBe(false));
    const { pods: seen } = await platform.snapshot();
    expect(only(seen)).toMatchObject({ podUid: running.podUid, phase: "finished", startedAt: running.startedAt });
    // It was seen to run then, so it cannot have ended before.
    expect(only(seen).finishedAt?.getTime()).toBeGreaterThanOrEqual(observedAt.getTime());
  });

  test("a pod that has not changed for long is read once, and its end is still seen at once (D2)", async () => {
    const platform = pods.platform();
    await platform.deploy(aSpec());
    const running = only(await eventuallyAnswering(platform, 1));
    await utimes(pods.runDir(), new Date(0), new Date(0));
    expect((await platform.snapshot()).pods).toEqual([running]);
    await writeFile(join(pods.runDir(), "endpoint"), "rewritten in place, which nobody does");
    expect((await platform.snapshot()).pods).toEqual([running]);
    const { program } = await pods.claim();
    process.kill(program.pid, "SIGKILL");
    await writeFile(join(pods.runDir(), "endpoint"), String(running.endpoint));
    await vi.waitFor(async () => expect(await isAlive(program)).toBe(false));
    expect(only((await platform.snapshot()).pods)).toMatchObject({ phase: "finished", finishedAt: expect.any(Date) });
  });

  test("an end while no worker looked is the true end, not the time of the next look (D2, C5)", async () => {
    await pods.platform().deploy(aSpec());
    await eventuallyAnswering(pods.platform(), 1);
    const claim = await pods.claim();
    process.kill(claim.program.pid, "SIGKILL");
    await eventuallyGone(claim);
    const goneBy = Date.now();
    await sleep(50);
    const { pods: seen } = await pods.platform().snapshot();
    expect(only(seen).phase).toBe("finished");
    expect(only(seen).finishedAt?.getTime()).toBeLessThanOrEqual(goneBy);
  });

  test("with program and supervisor both killed, the end is unknown and stays so (C5)", async () => {
    const platform = pods.platform();
    await platform.deploy(aSpec());
    const running = only(await eventuallyAnswering(platform, 1));
    const claim = await pods.claim();
    process.kill(claim.supervisor.pid, "SIGKILL");
    process.kill(claim.program.pid, "SIGKILL");
    await eventuallyGone(claim);
    const lost = { ...running, phase: "finished", finishedAt: null, endpoint: null };
    expect((await platform.snapshot()).pods).toEqual([lost]);
    expect((await pods.platform(3 * DAY_MS).snapshot()).pods).toEqual([lost]);
  });

  test("a program whose supervisor alone was killed still runs (D2)", async () => {
    const platform = pods.platform();
    await platform.deploy(aSpec());
    const running = await eventuallyAnswering(platform, 1);
    process.kill((await pods.claim()).supervisor.pid, "SIGKILL");
    expect(await eventuallyAnswering(platform, 1)).toEqual(running);
  });

  test("a supervisor that is asked to end stays until it has recorded its program's end (D2)", async () => {
    const platform = pods.platform();
    await platform.deploy(aSpec());
    await eventuallyAnswering(platform, 1);
    const { supervisor, program } = await pods.claim();
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.kill(supervisor.pid, signal);
    process.kill(program.pid, "SIGKILL");
    await eventually(platform, (seen) => expect(only(seen).finishedAt).not.toBeNull());
  });

  test("a process that only has the pod's pid is not the pod and is never signalled (D2)", async () => {
    const bystander = spawn("sleep", ["300"]);
    await once(bystander, "spawn");
    const exit = once(bystander, "exit");
    const platform = pods.platform();
    await platform.deploy(aSpec());
    await eventuallyAnswering(platform, 1);
    const { program, supervisor } = await pods.claim();
    process.kill(supervisor.pid, "SIGKILL");
    process.kill(program.pid, "SIGKILL");
    await writeFile(join(pods.runDir(), "claim"), `${bystander.pid} other ${supervisor.pid} ${supervisor.started}\n`);
    await platform.stop(REF, { operationId: "op" });
    await pods.platform(60_000).stop(REF, { operationId: "op" });
    expect(only((await platform.snapshot()).pods)).toMatchObject({ phase: "finished", finishedAt: null });
    expect(await livingIdentities([Number(bystander.pid)])).toHaveProperty("size", 1);
    bystander.kill("SIGKILL");
    await exit;
  });

  test("finished pods are listed for a week, then removed (D1)", async () => {
    const platform = pods.platform();
    await platform.deploy(aSpec());
    await eventuallyAnswering(platform, 1);
    await platform.stop(REF, { operationId: "op" });
    await eventually(platform, (seen) => expect(only(seen).phase).toBe("finished"));
    expect((await pods.platform(7 * DAY_MS - 60_000).snapshot()).pods).toHaveLength(1);
    expect((await pods.platform(7 * DAY_MS + 60_000).snapshot()).pods).toHaveLength(0);
    expect((await readdir(pods.deploymentDir())).sort()).toEqual(["port.0", "spec.json"]);
  });
});

describe("runs that do not begin", () => {
  async function abandonedRun(): Promise<void> {
    await mkdir(pods.runDir(), { recursive: true });
    const record = { podUid: "local-7-42-r0.1-x", graceSeconds: 1, createdAt: new Date().toISOString() };
    await writeFile(join(pods.runDir(), "pod.json"), JSON.stringify(record));
    await writeFile(
      join(pods.deploymentDir(), "spec.json"),
      `${JSON.stringify({ wantedReplicas: 1, spec: aSpec() })}\n`,
    );
  }

  test("a pod that nobody started is pending, then given up, and is not billed (C4)", async () => {
    await abandonedRun();
    expect(only((await pods.platform().snapshot()).pods)).toMatchObject({ phase: "pending", startedAt: null });
    const given = { phase: "finished", startedAt: null, finishedAt: null };
    expect(only((await pods.platform(11_000).snapshot()).pods)).toMatchObject(given);
    expect(only((await pods.platform().snapshot()).pods)).toMatchObject(given);
  });

  test.each([
    ["was given up", () => writeFile(join(pods.runDir(), "claim"), "never\n")],
    [
      "was stopped",
      () => writeFile(join(pods.runDir(), "stop"), '{"operationId":"o","askedAt":"2026-01-01T00:00:00Z"}'),
    ],
    ["belongs to a closed account", () => pods.platform().setGate(ACCOUNT, true)],
    ["is not wanted any more", () => pods.platform().stop(REF, { operationId: "op" })],
    ["has an unreadable spec", () => writeFile(join(pods.deploymentDir(), "spec.json"), "{")],
  ])("a slow worker cannot start a pod late that %s (E4, E8)", async (_, happensFirst) => {
    await abandonedRun();
    await happensFirst();
    const command = ["supervise", "proc", "0", "/bin/sh", "-c", "echo ran"];
    await once(spawn("/bin/sh", [SHIM_FILE, ...command], { cwd: pods.runDir() }), "exit");
    await expect(stat(join(pods.runDir(), "started"))).rejects.toMatchObject({ code: "ENOENT" });
    await expect(stat(join(pods.runDir(), "exit"))).resolves.toBeDefined();
  });
});

describe("records that cannot be read", () => {
  test.each([
    ["a half-written", "spec.json", '{"wantedReplicas":1,"sp'],
    ["a half-written", "r0.1/pod.json", '{"podUid":"lo'],
    ["a half-written", "r0.1/claim", "12"],
    ["a half-written", "r0.1/endpoint", "http://127."],
    ["a missing", "spec.json", undefined],
    ["a missing", "r0.1/pod.json", undefined],
  ])("%s %s makes the snapshot fail: it never looks like an empty platform (C5)", async (_, name, content) => {
    const platform = pods.platform();
    await platform.deploy(aSpec());
    const running = await eventuallyAnswering(platform, 1);
    const file = join(pods.deploymentDir(), name);
    const original = await readFile(file);
    await (content === undefined ? rm(file) : writeFile(file, content));
    await expect(pods.platform().snapshot()).rejects.toMatchObject({ code: "platform_unavailable" });
    await writeFile(file, original);
    expect((await pods.platform().snapshot()).pods).toEqual(running);
  });

  test("a pods folder that vanished makes the snapshot fail (C5)", async () => {
    const platform = pods.platform();
    await platform.snapshot();
    await rm(pods.dir, { recursive: true });
    await expect(platform.snapshot()).rejects.toMatchObject({ code: "platform_unavailable" });
  });

  test.each(["spec.json", "r0.1/pod.json"])("a broken %s does not keep pods from being stopped (E3)", async (name) => {
    const platform = pods.platform();
    await platform.deploy(aSpec({ replicas: 2 }));
    await eventuallyAnswering(platform, 2);
    const claims = [await pods.claim("r0.1"), await pods.claim("r1.1")];
    const file = join(pods.deploymentDir(), name);
    const original = await readFile(file);
    await writeFile(file, "{");
    await expect(platform.stop(REF, { operationId: "op" })).rejects.toMatchObject({ code: "platform_unavailable" });
    for (const claim of claims) await eventuallyGone(claim);
    await writeFile(file, original);
  });

  test("a shutdown ends a pod whose records are broken, and says which (D2)", async () => {
    const platform = pods.platform();
    await platform.deploy(aSpec({ programId: "stubborn" }));
    await eventuallyAnswering(platform, 1);
    const claim = await pods.claim();
    const file = join(pods.runDir(), "pod.json");
    const original = await readFile(file);
    await writeFile(file, "{");
    await expect(stopAllPods(pods.dir, { graceMs: 0 })).rejects.toThrow(pods.runDir());
    await eventuallyGone(claim);
    await writeFile(file, original);
  });
});

describe("crashes", () => {
  test("a crashed replica gets a new pod with a uid of its own, after a pause (D1, C4)", async () => {
    const platform = pods.platform();
    await platform.deploy(aSpec());
    const crashed = only(await eventuallyAnswering(platform, 1));
    process.kill((await pods.claim()).program.pid, "SIGKILL");
    await eventually(platform, (seen) => expect(only(seen).phase).toBe("finished"));
    await pods.platform(-60_000).deploy(aSpec());
    expect(await pods.runs()).toEqual(["r0.1"]);
    await pods.platform(2_000).deploy(aSpec());
    const restarted = only(await eventuallyAnswering(platform, 1));
    expect(restarted.podUid).not.toBe(crashed.podUid);
    expect(restarted.endpoint).toBe(crashed.endpoint);
  });

  test("after five crashes in a row it is given up with its last output, and a stop wipes the slate (D1)", async () => {
    const later = pods.platform(30_000);
    for (let crashes = 1; crashes <= 5; crashes += 1) {
      await later.deploy(aSpec({ programId: "crasher" }));
      await eventually(later, (seen) => {
        expect(seen.filter((pod) => pod.phase === "finished")).toHaveLength(crashes);
      });
    }
    const again = later.deploy(aSpec({ programId: "crasher" }));
    await expect(again).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("crashes on purpose"),
    });
    expect(await pods.runs()).toHaveLength(5);
    await later.stop(REF, { operationId: "op" });
    await later.deploy(aSpec({ programId: "crasher" }));
    expect(await pods.runs()).toHaveLength(6);
  });
});
