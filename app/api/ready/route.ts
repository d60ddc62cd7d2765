import { isReady } from "@/lib/readiness";

export const dynamic = "force-dynamic";

/** Requests may be sent here: the database answers (O2). */
export async function GET(): Promise<Response> {
  return (await isReady())
    ? Response.json({ status: "ready" })
    : Response.json({ status: "not ready", reason: "The database does not answer." }, { status: 503 });
}
