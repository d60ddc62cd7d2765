/**
 * Every refusal that a person or a program can meet, by code. The words say what is wrong and what to do;
 * edges (a page's action, a route, a job) show them as they are and never invent their own.
 */
export type ErrorCode =
  | "invalid_input"
  | "not_signed_in"
  | "not_allowed"
  | "not_found"
  | "conflict"
  | "no_credits_left"
  | "below_deploy_floor"
  | "below_fine_tuning_floor"
  | "no_runs_left"
  | "account_closed"
  | "rate_limited"
  | "platform_unavailable"
  | "database_newer"
  | "configuration";

export class PodmeterError extends Error {
  override readonly name = "PodmeterError";
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** The words for a person: ours where the error is ours, else a neutral sentence (details belong in the log). */
export function describeError(error: unknown): { code: ErrorCode | "unexpected"; message: string } {
  if (error instanceof PodmeterError) return { code: error.code, message: error.message };
  return {
    code: "unexpected",
    message: "Something went wrong on our side. Nothing was changed. Try again; if it stays, tell your operator.",
  };
}
