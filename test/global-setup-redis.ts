import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    redisUrl: string;
  }
}

const ATTEMPTS = 5;
/** One for each test file, and then some: see test/redis.ts. */
const DATABASES = 1_000;

/** A Redis for the run that keeps nothing. `npm test` finds or installs the program; by hand it is the one on the PATH. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), "podmeter-redis-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  const { url, stop } = await start(folder);
  project.provide("redisUrl", url);
  return async () => {
    await stop();
    process.off("exit", remove);
    remove();
  };
}

async function start(folder: string): Promise<{ url: string; stop(): Promise<void> }> {
  // A port that was free a moment ago may be taken by now.
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const settings = { port, bind: "127.0.0.1", dir: folder, save: "", appendonly: "no", databases: DATABASES };
    const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const server = spawn(process.env.PODMETER_REDIS_SERVER ?? "redis-server", options, {
      stdio: ["ignore", "pipe", "inherit"],
    });
    // An interrupted run calls no teardown.
    const killWithUs = () => server.kill("SIGKILL");
    process.once("exit", killWithUs);
    const ended = new Promise<void>((resolve) => server.once("close", () => resolve()));
    try {
      await readiness(server);
    } catch (error) {
      process.off("exit", killWithUs);
      if (attempt === ATTEMPTS) throw error;
      continue;
    }
    const stop = async () => {
      server.kill("SIGTERM");
      await ended;
      process.off("exit", killWithUs);
    };
    return { url: `redis://127.0.0.1:${port}`, stop };
  }
}

function readiness(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    server.stdout?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.includes("Ready to accept connections")) resolve();
    });
    server.once("error", (cause) =>
      reject(new Error("redis-server could not be run. Install it, or run the tests by npm test.", { cause })),
    );
    server.once("close", (code) => reject(new Error(`redis-server ended with ${code}:\n${output}`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
