import { env } from "@/lib/env";
import { describeError } from "@/lib/errors";

/** A wrong configuration ends the web side at its start, with the reason, and not at somebody's first request. */
try {
  env();
} catch (error) {
  process.stderr.write(`${describeError(error).message}\n`);
  process.exit(1);
}
