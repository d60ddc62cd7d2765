import type { Job } from "bullmq";
import { PodmeterError } from "@/lib/errors";
import { log } from "@/lib/log";
import { JOBS, type JobName } from "@/lib/queue/catalogue";
import type { Dependencies } from "./dependencies";
import { handlers } from "./handlers";

/** Runs one job: its name and payload are parsed, its outcome is logged, and a failure is thrown so that the queue tries again. */
export async function runJob(deps: Dependencies, job: Pick<Job, "name" | "data" | "id">): Promise<void> {
  const name = jobName(job.name);
  const startedAt = performance.now();
  try {
    await dispatch(deps, name, job.data);
  } catch (error) {
    log.error(
      {
        job: name,
        id: job.id,
        code: error instanceof PodmeterError ? error.code : "unexpected",
        error: error instanceof Error ? error.message : String(error),
      },
      "job failed",
    );
    throw error;
  }
  log.debug({ job: name, id: job.id, ms: Math.round(performance.now() - startedAt) }, "job done");
}

function dispatch<Name extends JobName>(deps: Dependencies, name: Name, data: unknown): Promise<void> {
  const payload = JOBS[name].payload.parse(data) as Parameters<(typeof handlers)[Name]>[1];
  return handlers[name](deps, payload);
}

function jobName(name: string): JobName {
  if (name in JOBS) return name as JobName;
  throw new PodmeterError(
    "invalid_input",
    `There is no job "${name}". It may be from a newer version; start that one's worker.`,
  );
}
