import { type NextRequest, NextResponse } from "next/server";
import { signInPath } from "@/lib/auth/next-path";
import { hasSessionCookie, REQUESTED_PATH_HEADER } from "@/lib/auth/session-cookie";

/**
 * A convenience, not a lock: who has no session cookie is led to the sign-in before a page is rendered. Whether the cookie is worth
 * anything is for every page, action and route to find out.
 */
export function proxy(request: NextRequest): NextResponse {
  const requested = `${request.nextUrl.pathname}${request.nextUrl.search}`;
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (isRead && !hasSessionCookie(request.cookies))
    return NextResponse.redirect(new URL(signInPath(requested), request.url));
  const headers = new Headers(request.headers);
  headers.set(REQUESTED_PATH_HEADER, requested);
  return NextResponse.next({ request: { headers } });
}

export const config = { matcher: ["/((?!api/|_next/|sign-in(?:/|$)|[^/]+\\.[a-z0-9]+$).*)"] };
