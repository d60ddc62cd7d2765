import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// Apart from the catalogue, which is plain data: these need to know where the sources lie, so a bundler must not move them.

const here = dirname(fileURLToPath(import.meta.url));

export function programFile(programId: string): string {
  return join(here, "programs", `${programId}.mjs`);
}

/** The shim that starts a pod and records its end. */
export const SHIM_FILE = join(here, "pod.sh");
