import { createTransport } from "nodemailer";

export const LINK_MINUTES = 30;
const CONNECTION_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 30_000;

/**
 * The address that the mail leads to: a page with a button. Mail filters open every link, and one that signs in at once
 * would be used up before the person sees it.
 */
export function confirmAddress(appUrl: string, callbackUrl: string): string {
  const confirm = new URL("/sign-in/confirm", appUrl);
  confirm.search = new URL(callbackUrl).search;
  return confirm.href;
}

/** Plain text: it is about one link, and should look the same in every mail program. */
export async function mailSignInLink(
  server: { smtpUrl: string; from: string },
  link: { to: string; address: string },
): Promise<void> {
  const transport = createTransport({
    url: server.smtpUrl,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    greetingTimeout: CONNECTION_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({
      from: server.from,
      // As an object it is taken as it is; as text it could be read as several recipients.
      to: { name: "", address: link.to },
      subject: "Your link to sign in to Podmeter",
      text: [
        "Open this link to sign in to Podmeter:",
        link.address,
        `It works once, for ${LINK_MINUTES} minutes.`,
        "If you did not ask for it, leave it: nobody gets in without it.",
      ].join("\n\n"),
      headers: { "Auto-Submitted": "auto-generated" },
    });
  } finally {
    transport.close();
  }
}
