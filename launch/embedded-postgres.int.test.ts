import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterEach, describe, expect, it } from "vitest";
import { type EmbeddedPostgres, removeEmbeddedPostgresData, startEmbeddedPostgres } from "@/launch/embedded-postgres";
import { livingProcess } from "@/launch/process-identity";

const parents: string[] = [];
const running: EmbeddedPostgres[] = [];

function newDataDir(): string {
  const parent = mkdtempSync(path.join(os.tmpdir(), "podmeter-postgres-"));
  parents.push(parent);
  return path.join(parent, "postgres");
}

async function start(dataDir: string, port?: number): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, durable: false, ...(port ? { port } : {}) });
  running.push(server);
  return server;
}

async function query(server: EmbeddedPostgres, statement: string): Promise<Record<string, unknown>[]> {
  const sql = postgres(server.url, { max: 1 });
  try {
    return await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  for (const parent of parents.splice(0)) {
    removeEmbeddedPostgresData(path.join(parent, "postgres"));
    rmSync(parent, { recursive: true, force: true });
  }
});

describe("the embedded database", { timeout: 60_000 }, () => {
  it("answers after its start, asks for a password, and finds its data after a stop (O4)", async () => {
    const dataDir = newDataDir();
    const first = await start(dataDir);
    await query(first, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('Zürich')");
    const withoutPassword = new URL(first.url);
    withoutPassword.password = "wrong";
    await expect(query({ ...first, url: withoutPassword.href }, "SELECT 1")).rejects.toThrow(
      /password authentication failed/,
    );
    expect(statSync(path.join(dataDir, "password")).mode & 0o077).toBe(0);
    await first.stop();
    expect(livingProcess(first.pid)).toBeUndefined();

    const second = await start(dataDir, first.port);
    expect(second.url).toBe(first.url);
    expect(await query(second, "SELECT word FROM kept")).toEqual([{ word: "Zürich" }]);
  });

  it("starts again after the server was killed by SIGKILL, and what was committed is there (E8)", async () => {
    const dataDir = newDataDir();
    const first = await start(dataDir);
    await query(first, "CREATE TABLE kept AS SELECT 7 AS number");
    process.kill(first.pid, "SIGKILL");
    await first.ended;
    const second = await start(dataDir, first.port);
    expect(await query(second, "SELECT number FROM kept")).toEqual([{ number: 7 }]);
  });

  it("a pid file that names another program's process does not keep it from starting", async () => {
    const dataDir = newDataDir();
    const first = await start(dataDir);
    const pidFile = path.join(first.clusterDir, "postmaster.pid");
    const lines = readFileSync(pidFile, "utf8").split("\n");
    await first.stop();
    writeFileSync(pidFile, [String(process.ppid), ...lines.slice(1)].join("\n"));
    const second = await start(dataDir);
    expect(second.pid).not.toBe(process.ppid);
    expect(livingProcess(process.ppid)).toBeDefined();
  });

  it("a server that a start left behind is stopped before the next one opens the same data", async () => {
    const dataDir = newDataDir();
    const orphan = await start(dataDir);
    const second = await start(dataDir);
    expect(livingProcess(orphan.pid)).toBeUndefined();
    expect(await query(second, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("refuses data of another PostgreSQL version with words that say what to do, and leaves it as it is", async () => {
    const dataDir = newDataDir();
    const first = await start(dataDir);
    await first.stop();
    const versionFile = path.join(first.clusterDir, "PG_VERSION");
    writeFileSync(versionFile, "12\n");
    await expect(start(dataDir)).rejects.toThrow(/written by PostgreSQL 12.*Nothing was changed/);
    expect(readFileSync(versionFile, "utf8")).toBe("12\n");
  });

  it("says so when its port is taken", async () => {
    const first = await start(newDataDir());
    await expect(start(newDataDir(), first.port)).rejects.toThrow(/the port is taken/);
  });
});
