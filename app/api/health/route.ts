/** Asked anew each time: the answer shall come from the process, not from a cache. */
export const dynamic = "force-dynamic";

/** The process lives (O2). */
export function GET(): Response {
  return Response.json({ status: "alive" });
}
