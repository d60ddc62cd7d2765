import { readOwnBalance } from "@/app/_live/read-own-balance";

/**
 * What an open page asks every few seconds: has anything changed, and what is the balance. Unchanged it answers 304, with the
 * time only. Who may not see billing learns that something changed, and no figure. (R1)
 */
export async function GET(request: Request): Promise<Response> {
  const own = await readOwnBalance();
  if (!own) return Response.json({ error: "Sign in again." }, { status: 401 });
  const etag = `"${own.heard.signature}"`;
  const headers = {
    ETag: etag,
    "Cache-Control": "private, no-cache",
    "X-Server-Now-Ms": String(own.heard.serverNowMs),
  };
  if (request.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers });
  return Response.json(own.heard, { headers });
}
