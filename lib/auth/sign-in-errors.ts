/** Why a sign-in did not work, as it stands in an address. Those with a capital are next-auth's own. */
const WORDS = {
  wrong_password: "The e-mail address or the password is wrong. Check both, or have a sign-in link sent to you.",
  invalid_email: "That is not an e-mail address. Check it and try again.",
  rate_limited: "Too many attempts. Wait 15 minutes and try again.",
  unknown_person:
    "Nobody here has that e-mail address. Ask the owner of your account for an invitation, then sign in again.",
  email_unverified:
    "Your sign-in provider has not verified your e-mail address. Verify it there, or sign in another way.",
  Verification: "This link has expired or was used already. Have a new one sent to you.",
  OAuthCallbackError: "The sign-in was cancelled or refused at your sign-in provider. Try again.",
  unexpected: "The sign-in did not work, for a reason on our side. Try again; if it stays, tell your operator.",
} as const;

export type SignInError = keyof typeof WORDS;

/** The words for whatever code came along in the address; null when there is none. */
export function describeSignInError(code: unknown): string | null {
  if (code === undefined || code === null || code === "") return null;
  return isSignInError(code) ? WORDS[code] : WORDS.unexpected;
}

export function isSignInError(code: unknown): code is SignInError {
  return typeof code === "string" && Object.hasOwn(WORDS, code);
}

export function signInErrorPath(code: SignInError): string {
  return `/sign-in?error=${code}`;
}
