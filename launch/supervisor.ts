import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { rotateLog, sparingly, startChild, tailOf } from "@/launch/child";
import { claim, type DataFolder, forgetDatabase, isFilled, markFilled, openDataFolder } from "@/launch/data-folder";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@/launch/embedded-postgres";
import { type KeptAlive, keepAlive, type Running } from "@/launch/keep-alive";
import { findPort } from "@/launch/ports";
import { migrateDatabase } from "@/lib/db/migrate";
import { DEMO_AUTH_SECRET } from "@/lib/env";
import { PodmeterError } from "@/lib/errors";
import { stopAllPods } from "@/lib/platform/local/stop-all";

export type StackOptions<Seeded> = {
  /** Exclusively ours while the stack runs; kept when it stops. */
  dataDir: string;
  /** The wanted port of the web app; where it is taken, the next free one. Any free one when left out. */
  port?: number;
  /** In mode test the database is not flushed to disk. */
  mode: "demo" | "test";
  seed: (databaseUrl: string) => Promise<Seeded>;
  /** More for web and worker, over what the stack sets. */
  environment?: Record<string, string>;
  redisUrl?: string;
  log: (line: string) => void;
  /** Ends the start half-way: all that runs by then is stopped, and `startStack` rejects. */
  abort?: AbortSignal;
};

export type Stack<Seeded> = {
  appUrl: string;
  mailboxUrl: string;
  databaseUrl: string;
  podsDir: string;
  folder: DataFolder;
  /** Where the database's files lie: elsewhere than in the folder when its user cannot reach that. */
  clusterDir: string;
  seeded: Seeded;
  /** A worker that is killed is started again, as one that dies. */
  worker: { readonly pid: number; kill(signal: NodeJS.Signals): void };
  /** Resolves with the reason when a part cannot be kept running. `stop` is still to be called. */
  broken: Promise<string>;
  stop(): Promise<void>;
};

const MAILBOX_HTTP_PORT = 8025;
const MAILBOX_SMTP_PORT = 1025;
const POD_GRACE_MS = 5_000;
const CHILD_GRACE_MS = 15_000;
const PROGRESS_INTERVAL_MS = 20_000;
const HEALTH_TIMEOUT_MS = 120_000;

/** Starts all that Podmeter is made of, in order, and keeps it running until `stop`. */
export async function startStack<Seeded>(options: StackOptions<Seeded>): Promise<Stack<Seeded>> {
  const { log } = options;
  const undo: (() => Promise<unknown>)[] = [];
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= (async () => {
      for (const step of undo.splice(0).reverse()) {
        await step().catch((error: unknown) =>
          log(`while stopping: ${error instanceof Error ? error.message : error}`),
        );
      }
    })();
    return stopped;
  };
  try {
    return await bringUp(options, undo, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function bringUp<Seeded>(
  options: StackOptions<Seeded>,
  undo: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<Stack<Seeded>> {
  const { log, abort, mode } = options;
  const folder = openDataFolder(options.dataDir);
  const claimed = claim(folder);
  undo.push(async () => claimed.release());

  /** From here on nothing is started again, and what the parts complain about is no news. */
  let over = false;
  let reportBroken: (reason: string) => void = () => {};
  const broken = new Promise<string>((resolve) => {
    reportBroken = (reason) => {
      over = true;
      resolve(reason);
    };
  });

  if (!isFilled(folder)) await forgetDatabase(folder, log);
  log("starting the database …");
  const database = await keepDatabase(folder, mode === "demo", log, reportBroken);
  undo.push(() => database.stop());
  const databaseUrl = database.current().url;
  abort?.throwIfAborted();

  log("bringing its tables up to date …");
  await unlessAborted(migrateDatabase(databaseUrl), abort);
  const seeded = await fill(folder, () => unlessAborted(options.seed(databaseUrl), abort), log);

  const ports = await choosePorts(options);
  const appUrl = `http://localhost:${ports.app}`;
  const mailboxUrl = `http://localhost:${ports.mailbox}`;
  const environment: NodeJS.ProcessEnv = {
    ...inherited(),
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    PODMETER_MODE: mode,
    DATABASE_URL: databaseUrl,
    REDIS_URL: options.redisUrl ?? "",
    APP_URL: appUrl,
    AUTH_SECRET: DEMO_AUTH_SECRET,
    AUTH_TRUST_HOST: "true",
    SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
    MAILBOX_URL: mailboxUrl,
    PODS_DIR: folder.pods,
    ...options.environment,
  };
  const keep = (name: string, command: string[]): Promise<KeptAlive<Running>> => {
    const logFile = path.join(folder.logs, `${name}.log`);
    rotateLog(logFile);
    return keepAlive({
      name: `the ${name}${name === "web" ? " server" : ""}`,
      start: async () => {
        while (!database.isUp() && !over && !abort?.aborted) await sleep(100);
        const onTrouble = sparingly((line) => !over && log(`${name}: ${line}`));
        return startChild({ name, command, environment, logFile, graceMs: CHILD_GRACE_MS, onTrouble });
      },
      log: (line) => log(`${line}; its log is ${logFile}`),
      onGiveUp: (reason) => reportBroken(`${reason}.\n${tailOf(logFile, 20)}`),
    });
  };

  log("starting mailbox, worker and web …");
  const mailbox = await keep("mailbox", [
    "--import",
    "tsx",
    "launch/mailbox-main.ts",
    "--dir",
    folder.mails,
    "--http-port",
    String(ports.mailbox),
    "--smtp-port",
    String(ports.smtp),
  ]);
  undo.push(() => mailbox.stop());
  undo.push(() => stopAllPods(folder.pods, { graceMs: POD_GRACE_MS }));
  const users: KeptAlive<Running>[] = [];
  undo.push(() => {
    over = true;
    return Promise.all(users.map((user) => user.stop()));
  });
  const worker = await keep("worker", ["--import", "tsx", "worker/index.ts"]);
  users.push(worker);
  users.push(
    await keep("web", ["node_modules/next/dist/bin/next", "start", "-H", "localhost", "-p", String(ports.app)]),
  );
  await untilHealthy(appUrl, folder, broken, abort);
  claimed.announce(appUrl);
  return {
    appUrl,
    mailboxUrl,
    databaseUrl,
    podsDir: folder.pods,
    folder,
    clusterDir: database.current().clusterDir,
    seeded,
    worker: {
      get pid() {
        return worker.current().pid;
      },
      kill(signal) {
        worker.expectEnd();
        process.kill(worker.current().pid, signal);
      },
    },
    broken,
    stop,
  };
}

async function fill<Seeded>(
  folder: DataFolder,
  seed: () => Promise<Seeded>,
  log: (line: string) => void,
): Promise<Seeded> {
  const first = !isFilled(folder);
  if (first) log("filling it, which takes a while the first time …");
  const progress = setInterval(() => log("still filling it …"), PROGRESS_INTERVAL_MS);
  try {
    const seeded = await seed();
    if (first) markFilled(folder);
    return seeded;
  } finally {
    clearInterval(progress);
  }
}

/** What goes on regardless fails by itself when the database is stopped under it. */
async function unlessAborted<T>(work: Promise<T>, abort: AbortSignal | undefined): Promise<T> {
  if (!abort) return work;
  let giveUp: () => void = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(new PodmeterError("conflict", "The start was broken off."));
    if (abort.aborted) giveUp();
    abort.addEventListener("abort", giveUp, { once: true });
  });
  work.catch(() => {});
  try {
    return await Promise.race([work, aborted]);
  } finally {
    abort.removeEventListener("abort", giveUp);
  }
}

async function keepDatabase(
  folder: DataFolder,
  durable: boolean,
  log: (line: string) => void,
  onGiveUp: (reason: string) => void,
): Promise<KeptAlive<Running & EmbeddedPostgres>> {
  // The others know its address: it comes back on the same port.
  let port: number | undefined;
  let logFile = "";
  return keepAlive({
    name: "the database",
    async start() {
      const server = await startEmbeddedPostgres({ dataDir: folder.postgres, durable, log, ...(port ? { port } : {}) });
      port = server.port;
      logFile = server.logFile;
      return { ...server, end: server.stop };
    },
    log,
    onGiveUp: (reason) => onGiveUp(`${reason}.\n${tailOf(logFile, 20)}`),
  });
}

async function choosePorts(options: StackOptions<unknown>): Promise<{ app: number; mailbox: number; smtp: number }> {
  const claimed = new Set<number>();
  const choose = async (wanted: number | undefined, words: string) => {
    const port = await findPort(wanted, claimed);
    claimed.add(port);
    if (wanted !== undefined && port !== wanted) options.log(`port ${wanted} is taken, using ${port} for ${words}`);
    return port;
  };
  const known = options.mode === "demo";
  return {
    app: await choose(options.port, "the pages"),
    mailbox: await choose(known ? MAILBOX_HTTP_PORT : undefined, "the mailbox"),
    smtp: await choose(known ? MAILBOX_SMTP_PORT : undefined, "its SMTP"),
  };
}

/**
 * Of our own environment only what a program needs to run here: a REDIS_URL or AUTH_URL that a shell or an .env file (which
 * Next reads, but does not let override what is set) holds for something else must not leak into the stack.
 */
function inherited(): Record<string, string> {
  const kept = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "NODE_OPTIONS", "NODE_EXTRA_CA_CERTS"];
  const found = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  const blank = ["AUTH_URL", "NEXTAUTH_URL", "AUTH_OIDC_ISSUER", "AUTH_OIDC_CLIENT_ID", "AUTH_OIDC_CLIENT_SECRET"];
  return Object.fromEntries([...found, ...blank.map((name) => [name, ""])]);
}

async function untilHealthy(
  appUrl: string,
  folder: DataFolder,
  broken: Promise<string>,
  abort: AbortSignal | undefined,
): Promise<void> {
  const deadline = Date.now() + HEALTH_TIMEOUT_MS;
  let failure: string | undefined;
  void broken.then((reason) => {
    failure = reason;
  });
  let last = "no answer";
  while (Date.now() < deadline) {
    abort?.throwIfAborted();
    if (failure !== undefined) throw new PodmeterError("configuration", failure);
    try {
      const response = await fetch(`${appUrl}/api/health`, { signal: AbortSignal.timeout(10_000) });
      if (response.status === 200) return;
      last = `${response.status} ${(await response.text()).slice(0, 500)}`;
    } catch {
      // It does not listen yet.
    }
    await sleep(150);
  }
  throw new PodmeterError(
    "configuration",
    `The pages do not answer at ${appUrl}/api/health (${last}).\n${tailOf(path.join(folder.logs, "web.log"), 20)}`,
  );
}
