import { requireOperator } from "@/lib/auth/viewer";
import { handleBoardRequest } from "@/lib/queue/board";

/** The queue dashboard (O1): its pages, its files and its requests, all for operators only. */
async function handle(request: Request): Promise<Response> {
  await requireOperator();
  const from = request.headers.get("sec-fetch-site") ?? "same-origin";
  if (request.method !== "GET" && from !== "same-origin") {
    return new Response("Only the dashboard itself may do this.", { status: 403 });
  }
  return handleBoardRequest(request);
}

export const GET = handle;
export const POST = handle;
export const PUT = handle;
export const PATCH = handle;
export const DELETE = handle;
