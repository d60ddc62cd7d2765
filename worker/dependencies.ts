import type { Database } from "@/lib/db/client";
import type { ObservationMemory } from "@/lib/deployments/observe-platform";
import type { Env } from "@/lib/env";
import type { Mailer } from "@/lib/mail/mailer";
import type { Platform } from "@/lib/platform/platform";
import type { Queues } from "@/lib/queue/queues";

/** What job handlers work with. Time and ports are passed in, so that a test runs them on its own. */
export type Dependencies = {
  db: Database;
  env: Pick<Env, "APP_URL" | "SUPPORT_EMAIL">;
  platform: Platform;
  queues: Pick<Queues, "enqueue">;
  mailer: Mailer;
  memory: ObservationMemory;
  now: () => Date;
};
