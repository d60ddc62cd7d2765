import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { anyFreePort } from "@/launch/ports";
import { clusterDirOf, type PostgresHome, prepareHome } from "@/launch/postgres-home";
import { clearLeftovers, endServer } from "@/launch/postgres-leftovers";
import { identityLine, livingProcess, stillLiving } from "@/launch/process-identity";
import { PodmeterError } from "@/lib/errors";

export { removeEmbeddedPostgresData } from "@/launch/postgres-home";

export type EmbeddedPostgresOptions = {
  /** Ours alone: the cluster, its password and its log lie here. Kept between starts. */
  dataDir: string;
  /** A free one when left out. */
  port?: number;
  /** False for tests: nothing is flushed to disk, so a crash of the machine (not one of the server) may lose the database. */
  durable: boolean;
  log?: (line: string) => void;
};

export type EmbeddedPostgres = {
  url: string;
  port: number;
  pid: number;
  /** Where the cluster lies: below the data folder, or elsewhere if the server's user cannot reach that. */
  clusterDir: string;
  logFile: string;
  /** Resolves when the server has ended, by `stop` or by itself, with the reason in words. */
  ended: Promise<string>;
  stop(): Promise<void>;
};

const USER = "podmeter";
const DATABASE = "podmeter";
/** Windows aside, the environment is ours: PGPORT, PGDATA or an odd LANG of the caller must not reach the server. */
const ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: process.env.PATH ?? "/usr/bin:/bin",
  LANG: "C",
  LC_ALL: "C",
  TZ: "UTC",
  // Next declares it required of every environment.
  NODE_ENV: process.env.NODE_ENV,
};

/**
 * A PostgreSQL of our own, from the binaries of an npm package. It ends when `stop` is called and also when this
 * process dies, however that happens.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => {});
  const dataDir = path.resolve(options.dataDir);
  refuseWhenInUse(dataDir);
  await clearLeftovers(clusterDirOf(dataDir), log);
  const home = prepareHome(dataDir, log);
  writeFileSync(path.join(dataDir, "owner"), identityLine(process.pid));
  refuseOtherMajor(home);
  const password = readOrMakePassword(dataDir);
  const logFile = path.join(dataDir, "postgres.log");
  if (!existsSync(home.clusterDir)) {
    log("creating the database");
    await initCluster(home, password, logFile);
  }
  const { server, port } = await launch(home, options, logFile);
  const pid = server.pid as number;
  const url = `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`;
  const ended = watchOver(server);
  const stop = async () => {
    const living = livingProcess(pid);
    server.ref();
    if (server.exitCode === null && server.signalCode === null && living) await endServer(living);
    await ended;
    rmSync(path.join(dataDir, "owner"), { force: true });
  };
  try {
    await createDatabase(url);
  } catch (cause) {
    await stop();
    throw failure("The embedded PostgreSQL started, but its database cannot be used", logFile, cause);
  }
  return { url, port, pid, clusterDir: home.clusterDir, logFile, ended, stop };
}

function refuseWhenInUse(dataDir: string): void {
  const note = path.join(dataDir, "owner");
  const owner = existsSync(note) ? stillLiving(readFileSync(note, "utf8")) : undefined;
  if (owner && owner.pid !== process.pid) {
    throw new PodmeterError(
      "conflict",
      `The database in ${dataDir} is in use by the process ${owner.pid} (${owner.command.slice(0, 120)}). Stop it first, or choose another folder.`,
    );
  }
}

function refuseOtherMajor(home: PostgresHome): void {
  const versionFile = path.join(home.clusterDir, "PG_VERSION");
  if (!existsSync(versionFile)) return;
  const written = readFileSync(versionFile, "utf8").trim();
  if (written === String(home.major)) return;
  throw new PodmeterError(
    "configuration",
    `The database in ${home.clusterDir} was written by PostgreSQL ${written}, and this Podmeter brings PostgreSQL ${home.major}, which cannot read it. Nothing was changed. Start it with the Podmeter that wrote it and take a dump, or remove the folder to start anew (npm run demo -- --reset).`,
  );
}

function readOrMakePassword(dataDir: string): string {
  const file = path.join(dataDir, "password");
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  const password = randomBytes(24).toString("base64url");
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
}

/** Made beside its place and then renamed: what a crash leaves half made is never taken for a database. */
async function initCluster(home: PostgresHome, password: string, logFile: string): Promise<void> {
  const unfinished = `${home.clusterDir}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  const passwordFile = `${home.clusterDir}.password`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  const { uid, gid } = home.runAs;
  if (uid !== undefined) for (const entry of [unfinished, passwordFile]) chownSync(entry, uid, gid);
  const output = openLog(logFile);
  try {
    const initdb = spawn(
      path.join(home.binDir, "initdb"),
      [
        "-D",
        unfinished,
        "-U",
        USER,
        `--pwfile=${passwordFile}`,
        "-A",
        "scram-sha-256",
        "-E",
        "UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
      ],
      { ...home.runAs, cwd: "/", env: ENVIRONMENT, stdio: ["ignore", output, output] },
    );
    const end = await endOf(initdb);
    if (end !== 0) throw failure("The embedded PostgreSQL could not create its database", logFile, end);
    renameSync(unfinished, home.clusterDir);
  } finally {
    closeSync(output);
    rmSync(passwordFile, { force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** A new file rather than an emptied one: the last start may have been another user's. */
function openLog(logFile: string): number {
  rmSync(logFile, { force: true });
  return openSync(logFile, "w", 0o600);
}

async function launch(
  home: PostgresHome,
  options: EmbeddedPostgresOptions,
  logFile: string,
): Promise<{ server: ChildProcess; port: number }> {
  // A port found free may be taken, and the memory of a killed server be held by its last backends, for a moment.
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await anyFreePort());
    const output = openLog(logFile);
    const server = spawn(
      path.join(home.binDir, "postgres"),
      ["-D", home.clusterDir, ...settings(port, options.durable)],
      {
        ...home.runAs,
        cwd: "/",
        env: ENVIRONMENT,
        stdio: ["ignore", output, output],
        // In a process group of its own: Ctrl-C in a terminal must not reach it before what uses it has ended.
        detached: true,
      },
    );
    closeSync(output);
    const end = endOf(server);
    const outcome = await Promise.race([end, readiness(home.clusterDir, server)]);
    if (outcome === "ready") return { server, port };
    const words = readFileSync(logFile, "utf8");
    const passing =
      (/could not bind/.test(words) && options.port === undefined) ||
      /pre-existing shared memory|lock file "postmaster.pid" already exists/.test(words);
    if (attempt < 5 && passing) {
      await sleep(500);
      continue;
    }
    if (/could not bind/.test(words))
      throw failure(`The embedded PostgreSQL cannot listen on 127.0.0.1:${port}: the port is taken`, logFile, outcome);
    throw failure("The embedded PostgreSQL did not start", logFile, outcome);
  }
}

/** Without fsync a commit still reaches the kernel, so also a server in tests loses nothing when it is killed. */
function settings(port: number, durable: boolean): string[] {
  const wanted: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: "",
    max_connections: "200",
    timezone: "UTC",
    log_timezone: "UTC",
    logging_collector: "off",
    ...(durable ? {} : { fsync: "off", full_page_writes: "off" }),
  };
  return Object.entries(wanted).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** The exit code, the signal, or the reason why it could not be run at all. */
function endOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(code ?? signal ?? "unknown"));
  });
}

/** The server writes its state to the eighth line of postmaster.pid; pg_ctl waits for the same. */
async function readiness(clusterDir: string, server: ChildProcess): Promise<"ready"> {
  const pidFile = path.join(clusterDir, "postmaster.pid");
  while (server.exitCode === null && server.signalCode === null) {
    const lines = existsSync(pidFile) ? readFileSync(pidFile, "utf8").split("\n") : [];
    if (Number(lines[0]) === server.pid && lines[7]?.trim() === "ready") return "ready";
    await sleep(30);
  }
  return new Promise(() => {});
}

/**
 * A shell that waits for our end of its pipe to close, which also SIGKILL cannot prevent, and then ends the server.
 * It has to be another process, and a shell is the smallest that every machine has.
 */
function watchOver(server: ChildProcess): Promise<string> {
  const watcher = spawn(
    "/bin/sh",
    ["-c", 'read -r _; kill -INT "$1"', "podmeter-database-watcher", String(server.pid)],
    {
      cwd: "/",
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    },
  );
  watcher.unref();
  (watcher.stdin as unknown as { unref(): void }).unref();
  server.unref();
  return new Promise((resolve) => {
    server.once("exit", (code, signal) => {
      watcher.kill("SIGKILL");
      resolve(signal ?? `exit code ${code}`);
    });
  });
}

async function createDatabase(url: string): Promise<void> {
  const maintenance = new URL(url);
  maintenance.pathname = "/postgres";
  const sql = postgres(maintenance.href, { max: 1, onnotice: () => {} });
  try {
    const [existing] = await sql`SELECT 1 FROM pg_database WHERE datname = ${DATABASE}`;
    if (!existing) await sql.unsafe(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function failure(what: string, logFile: string, reason: unknown): PodmeterError {
  const lines = existsSync(logFile) ? readFileSync(logFile, "utf8").trim().split("\n").slice(-15) : [];
  const words = lines.join("\n");
  const advice = /No space left on device/.test(words)
    ? " The disk is full: free some space and start again; nothing is lost."
    : /ENOENT/.test(String(reason))
      ? " Its programs need a Linux with glibc: on Alpine and others with musl, run Podmeter on a PostgreSQL of your own, by DATABASE_URL."
      : "";
  const detail = reason instanceof Error ? reason.message : `it ended with ${String(reason)}`;
  return new PodmeterError(
    "configuration",
    `${what} (${detail}).${advice}\nThe last lines of ${logFile}:\n${lines.map((line) => `  ${line}`).join("\n")}`,
    { cause: reason },
  );
}
