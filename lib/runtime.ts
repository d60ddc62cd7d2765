import path from "node:path";
import { type Database, openDatabase } from "@/lib/db/client";
import { type Env, env } from "@/lib/env";
import { createLocalPlatform } from "@/lib/platform/local/local-platform";
import type { Platform } from "@/lib/platform/platform";
import type { Enqueue } from "@/lib/queue/catalogue";
import { openQueues } from "@/lib/queue/queues";

export type Runtime = { db: Database; env: Env; platform: Platform; enqueue: Enqueue };

/** On globalThis, because the development server loads modules anew at each change and would open another pool each time. */
const kept = globalThis as typeof globalThis & { podmeterRuntime?: Runtime };

/** What the web process has one of. Made at the first request, so that a build needs neither configuration nor database. */
export function runtime(): Runtime {
  kept.podmeterRuntime ??= openRuntime(env());
  return kept.podmeterRuntime;
}

function openRuntime(env: Env): Runtime {
  let queues: ReturnType<typeof openQueues> | undefined;
  return {
    env,
    db: openDatabase(env.DATABASE_URL).db,
    platform: createLocalPlatform({ podsDir: path.resolve(env.PODS_DIR) }),
    enqueue: (name, payload, options) => {
      queues ??= openQueues(env);
      return queues.enqueue(name, payload, options);
    },
  };
}
