/** A cookie named `__Host-…` is taken by browsers over https only, for this host only, so no neighbour can plant one. */
const SECURE_NAME = "__Host-podmeter.session";
const PLAIN_NAME = "podmeter.session";

export function isSecure(appUrl: string): boolean {
  return new URL(appUrl).protocol === "https:";
}

export function sessionCookieName(appUrl: string): string {
  return isSecure(appUrl) ? SECURE_NAME : PLAIN_NAME;
}

/** For the proxy, which only guesses whether somebody is signed in. */
export function hasSessionCookie(cookies: { has(name: string): boolean }): boolean {
  return cookies.has(SECURE_NAME) || cookies.has(PLAIN_NAME);
}

/** The proxy says here which page was asked for, so that a sign-in leads back to it. */
export const REQUESTED_PATH_HEADER = "x-podmeter-requested-path";
