import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";

export type WorkerEnvironment = { databaseUrl: string; redisUrl?: string; podsDir: string; smtpUrl: string };

/** A worker as it is run for real: a process of its own, started again when it ends, as a supervisor does. */
export class WorkerProcess {
  private child: ChildProcess;
  private wanted = true;
  restarts = 0;

  constructor(private readonly environment: WorkerEnvironment) {
    this.child = this.start();
  }

  private start(): ChildProcess {
    const { databaseUrl, redisUrl, podsDir, smtpUrl } = this.environment;
    const child = spawn(process.execPath, ["--import", "tsx", "worker/index.ts"], {
      cwd: path.resolve(import.meta.dirname, ".."),
      stdio: "ignore",
      env: {
        PATH: process.env.PATH,
        NODE_ENV: "test",
        PODMETER_MODE: "test",
        LOG_LEVEL: "silent",
        DATABASE_URL: databaseUrl,
        ...(redisUrl && { REDIS_URL: redisUrl }),
        APP_URL: "http://localhost:3000",
        AUTH_SECRET: "a secret of the tests, of forty characters",
        SMTP_URL: smtpUrl,
        PODS_DIR: podsDir,
        POLL_INTERVAL_MS: "500",
        TICK_INTERVAL_MS: "500",
      },
    });
    child.once("exit", () => {
      if (!this.wanted) return;
      this.restarts++;
      setTimeout(() => {
        if (this.wanted) this.child = this.start();
      }, 200);
    });
    return child;
  }

  /** Ends it at once, wherever it is. It is started again. */
  kill(): void {
    this.child.kill("SIGKILL");
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.wanted = false;
    const child = this.child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }
}
