import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { seedJourneys } from "@/drizzle/seed/journeys";
import { startStack } from "@/launch/supervisor";

/** The whole product for the journeys: database, worker, the built pages, a mailbox, real pods. In a folder of its own, which goes when it ends. */
export default async function setup(): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "podmeter-e2e-"));
  // As root, the database runs as another user, who must reach it.
  await chmod(dataDir, 0o755);
  const lines: string[] = [];
  try {
    const stack = await startStack({
      dataDir,
      mode: "test",
      seed: (databaseUrl) => seedJourneys(databaseUrl, new Date()),
      environment: { POLL_INTERVAL_MS: "1000", TICK_INTERVAL_MS: "1000" },
      log: (line) => lines.push(line),
    });
    process.env.PODMETER_E2E_URL = stack.appUrl;
    process.env.PODMETER_E2E_MAILBOX = stack.mailboxUrl;
    return async () => {
      await stack.stop();
      await rm(dataDir, { recursive: true, force: true });
    };
  } catch (error) {
    throw new Error(`The product did not start:\n${lines.join("\n")}`, { cause: error });
  }
}
