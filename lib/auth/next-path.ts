const ANY_ORIGIN = "http://podmeter.invalid";
export const HOME_PATH = "/";

/** Where to go after a sign-in: a page of ours, or home. Whatever a browser would take for another host leads home. */
export function safeNextPath(wanted: unknown): string {
  if (typeof wanted !== "string" || !wanted.startsWith("/") || !URL.canParse(wanted, ANY_ORIGIN)) return HOME_PATH;
  const url = new URL(wanted, ANY_ORIGIN);
  const isPage = url.origin === ANY_ORIGIN && !/^\/(\/|api\/|sign-in(\/|$))/.test(url.pathname);
  return isPage ? `${url.pathname}${url.search}${url.hash}` : HOME_PATH;
}

export function signInPath(next: string): string {
  const path = safeNextPath(next);
  return path === HOME_PATH ? "/sign-in" : `/sign-in?${new URLSearchParams({ next: path })}`;
}
