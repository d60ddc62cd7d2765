import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { livingIdentities, PROCESS_METHOD, signalProcess } from "./processes";
import { isClaim, readClaim } from "./run-records";
import { SHIM_FILE } from "./shipped-files";

const ended: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

// Small Linux images have no ps, or one that does not tell start times; none is needed there.
const hasPs = spawnSync("ps", ["-o", "lstart=", "-p", String(process.pid)]).status === 0;
const methods = [PROCESS_METHOD, ...(PROCESS_METHOD === "proc" && hasPs ? (["ps"] as const) : [])];

test.each(methods)("the shim and the driver name a process the same way, by %s (D2)", async (method) => {
  const dir = await mkdtemp(join(tmpdir(), "podmeter-shim-"));
  const runDir = join(dir, "7", "42", "r0.1");
  await mkdir(runDir, { recursive: true });
  await writeFile(join(dir, "7", "42", "spec.json"), '{"wantedReplicas":1,"spec":{}}\n');
  const supervisor = spawn("/bin/sh", [SHIM_FILE, "supervise", method, "0", "/bin/sh", "-c", "echo up; sleep 300"], {
    cwd: runDir,
    detached: true,
  });
  const exit = once(supervisor, "exit");
  ended.push(async () => {
    process.kill(-Number(supervisor.pid), "SIGKILL");
    await exit;
    await rm(dir, { recursive: true });
  });
  const claim = await expectClaim(runDir);
  const living = await livingIdentities([claim.program.pid, claim.supervisor.pid], method);
  expect(living.get(claim.program.pid)).toBe(claim.program.started);
  expect(living.get(claim.supervisor.pid)).toBe(claim.supervisor.started);
  expect(claim.supervisor.pid).toBe(supervisor.pid);
});

test.each(methods)("a process that has ended is not listed, by %s (D2)", async (method) => {
  const child = spawn("true");
  await once(child, "exit");
  expect(await livingIdentities([Number(child.pid)], method)).toEqual(new Map());
});

test("a process with the same pid but another start is not signalled (D2)", async () => {
  const child = spawn("sleep", ["300"]);
  await once(child, "spawn");
  const pid = Number(child.pid);
  expect(await signalProcess({ pid, started: "another" }, "SIGKILL")).toBe(false);
  const started = (await livingIdentities([pid])).get(pid);
  const exit = once(child, "exit");
  expect(await signalProcess({ pid, started: String(started) }, "SIGKILL")).toBe(true);
  expect(await exit).toEqual([null, "SIGKILL"]);
});

async function expectClaim(runDir: string) {
  let claim = await readClaim(runDir);
  while (!isClaim(claim)) claim = await readClaim(runDir);
  return claim;
}
