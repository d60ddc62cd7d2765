import pino from "pino";

/** Structured logs, one JSON object a line. Secrets never get in: what is logged is named field by field. */
export const log = pino({
  level: process.env.LOG_LEVEL ?? "info",
  base: undefined,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: ["password", "token", "authorization", "cookie", "*.password", "*.token"],
});
