/**
 * Stops (SPEC E3). A stop is an order with states; it is "stopped" when the platform has shown that the pods are gone,
 * not when the request was accepted. Until then the pods are billed.
 */
export const STOP_STATES = ["requested", "stopping", "stopped", "failed", "cancelled"] as const;
export type StopState = (typeof STOP_STATES)[number];

export const STOP_REASONS = ["limit", "user", "operator"] as const;
export type StopReason = (typeof STOP_REASONS)[number];

export type StopOrder = {
  state: StopState;
  attempts: number;
  nextAttemptAtMs: number;
};

/** What the platform showed of the order's deployment; "unknown" when it did not answer, or not completely. */
export type Observed = "alive" | "gone" | "unknown";

export type StopAction =
  | { action: "confirm" }
  | { action: "ask"; nextAttemptAtMs: number }
  | { action: "wait"; untilMs: number }
  | { action: "none" };

/** Milliseconds to the next attempt: 0.5 s, doubled each time, at most 30 s. (E3) */
export function backoffMs(attempts: number): number {
  return Math.min(500 * 2 ** Math.min(attempts, 10), 30_000);
}

/**
 * The next step of an order. An order ends only on proof; a platform that cannot be seen is asked again, since asking
 * twice does no harm, and never counts as "gone". (E3, E8)
 */
export function nextStopAction(order: StopOrder, observed: Observed, nowMs: number): StopAction {
  if (order.state === "stopped" || order.state === "cancelled") return { action: "none" };
  if (observed === "gone") return { action: "confirm" };
  if (nowMs < order.nextAttemptAtMs) return { action: "wait", untilMs: order.nextAttemptAtMs };
  return { action: "ask", nextAttemptAtMs: nowMs + backoffMs(order.attempts) };
}
