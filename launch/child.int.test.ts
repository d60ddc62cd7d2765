import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startChild, troubleIn } from "@/launch/child";
import { removeEmbeddedPostgresData } from "@/launch/embedded-postgres";
import { livingProcess } from "@/launch/process-identity";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), "podmeter-child-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function program(source: string): string {
  const file = path.join(dir, "program.mjs");
  writeFileSync(file, source);
  return file;
}

function specOf(source: string, graceMs: number, onTrouble: (line: string) => void = () => {}) {
  const logFile = path.join(dir, "part.log");
  return { name: "part", command: [program(source)], environment: process.env, logFile, graceMs, onTrouble };
}

/** Lets a process of its own start something with `code`, kills that process by SIGKILL, and returns what it said. */
async function startByOneThatIsKilled(code: string): Promise<string> {
  const starter = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await new Promise<string[]>((resolve) => {
    const lines = createInterface({ input: starter.stdout });
    lines.once("line", (text) => resolve([text]));
    lines.once("close", () => resolve([]));
  });
  starter.kill("SIGKILL");
  return line ?? "";
}

describe("a child of the supervisor", () => {
  it("that ignores SIGTERM is ended by force when its grace is over", async () => {
    const trouble: string[] = [];
    const source = `process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.error("Error: up");`;
    const child = await startChild(specOf(source, 200, (line) => trouble.push(line)));
    await expect.poll(() => trouble).toEqual(["Error: up"]);
    await child.end();
    expect(await child.ended).toBe("SIGKILL");
    expect(livingProcess(child.pid)).toBeUndefined();
    expect(readFileSync(path.join(dir, "part.log"), "utf8")).toBe("Error: up\n");
  });

  it("ends also when the supervisor is killed by SIGKILL, after its own goodbye (E8)", async () => {
    const goodbye = path.join(dir, "goodbye");
    const file = program(`import { writeFileSync } from "node:fs";
      process.on("SIGTERM", () => { writeFileSync(${JSON.stringify(goodbye)}, "done"); process.exit(0); });
      setInterval(() => {}, 1000);
      console.log("warn: ready");`);
    const spec = { name: "part", command: [file], logFile: path.join(dir, "part.log"), graceMs: 1_000 };
    const line = await startByOneThatIsKilled(`
      import { startChild } from "@/launch/child";
      const child = await startChild({ ...${JSON.stringify(spec)}, environment: process.env, onTrouble: () => console.log(child.pid) });
      setInterval(() => {}, 1000);`);
    expect(line).toMatch(/^\d+$/);
    await expect.poll(() => livingProcess(Number(line)), { timeout: 10_000 }).toBeUndefined();
    expect(readFileSync(goodbye, "utf8")).toBe("done");
  });

  it("the embedded database ends also when what started it is killed by SIGKILL", async () => {
    const dataDir = path.join(dir, "postgres");
    try {
      const line = await startByOneThatIsKilled(`
        import { startEmbeddedPostgres } from "@/launch/embedded-postgres";
        const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false });
        console.log(server.pid);
        setInterval(() => {}, 1000);`);
      expect(line).toMatch(/^\d+$/);
      await expect.poll(() => livingProcess(Number(line)), { timeout: 20_000 }).toBeUndefined();
    } finally {
      removeEmbeddedPostgresData(dataDir);
    }
  });
});

describe("what of a child's output is shown", () => {
  it("is warnings and errors, in short, and nothing else (O2)", () => {
    expect(troubleIn('{"level":30,"msg":"fine"}')).toBeUndefined();
    expect(troubleIn('{"level":50,"msg":"mail failed","error":"451"}')).toBe("mail failed: 451");
    expect(troubleIn(" ⚠ port in use")).toBe("⚠ port in use");
    expect(troubleIn("TypeError: x is not a function")).toBe("TypeError: x is not a function");
    expect(troubleIn("   at warn (file.js)")).toBeUndefined();
    expect(troubleIn("✓ Ready in 300ms, no errors")).toBeUndefined();
    expect(troubleIn("{ not json")).toBeUndefined();
  });
});
