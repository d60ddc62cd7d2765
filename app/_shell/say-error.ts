import { describeError } from "@/lib/errors";
import { log } from "@/lib/log";

/** The words for the person; what nobody foresaw goes to the log as well. */
export function sayError(error: unknown, act: string): string {
  const { code, message } = describeError(error);
  if (code === "unexpected") log.error({ err: error, act }, "an action failed");
  return message;
}
