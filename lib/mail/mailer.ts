import { createTransport } from "nodemailer";
import { z } from "zod";
import type { RenderedMail } from "@/lib/mail/mail-data";

const CONNECTION_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 30_000;
/** For one mail in all, also on a server that answers one byte at a time. Shorter than a worker's claim on a delivery. */
const SEND_TIMEOUT_MS = 90_000;

/** Replies to RCPT TO that speak of us, not of the recipient: not signed in. To be put right by the operator, so retried. */
const OURS_TO_PUT_RIGHT = new Set([503, 530, 535]);

/** The mail server will never take this mail for this recipient; its words are the message. */
export class MailRefused extends Error {
  override readonly name = "MailRefused";
}

export type OutgoingMail = RenderedMail & { to: string; messageId: string; accountPublicId: string };

export type Mailer = {
  /** Returns when the server has taken the mail. Throws MailRefused when trying again is no use, else what went wrong. */
  send(mail: OutgoingMail): Promise<void>;
  close(): void;
};

/**
 * Sends mail over a few connections that are kept open. A connection that broke before a byte of the mail was sent is
 * replaced; after that nothing is sent again from here: repeats are for the delivery's row to decide (N5, N6).
 */
export function createMailer({ smtpUrl, from }: { smtpUrl: string; from: string }): Mailer {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: 2,
    maxMessages: 100,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    greetingTimeout: CONNECTION_TIMEOUT_MS,
    dnsTimeout: CONNECTION_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ subject, html, text, to, messageId, accountPublicId }) {
      if (!z.email().safeParse(to).success)
        throw new MailRefused(`The recipient is not an e-mail address: ${to.slice(0, 200)}`);
      const signal = AbortSignal.timeout(SEND_TIMEOUT_MS);
      const message = {
        from,
        // As an object it is taken as it is; as text it could be read as several recipients.
        to: { name: "", address: to },
        subject,
        html,
        text,
        messageId,
        headers: { "Auto-Submitted": "auto-generated", "X-Podmeter-Account": accountPublicId },
        signal,
      };
      try {
        await transport.sendMail(message);
      } catch (error) {
        if (signal.aborted) {
          throw new Error(`The mail server did not take it within ${SEND_TIMEOUT_MS / 1000} s.`, { cause: error });
        }
        throw refusalOf(error) ?? error;
      }
    },
    close: () => transport.close(),
  };
}

const smtpError = z.object({ responseCode: z.number(), command: z.string(), response: z.string() });

/** A final answer (5xx) about the recipient or the mail itself. One about the sender or the sign-in is the operator's to put right. */
function refusalOf(error: unknown): MailRefused | null {
  const { data } = smtpError.safeParse(error);
  if (!data || data.responseCode < 500 || OURS_TO_PUT_RIGHT.has(data.responseCode)) return null;
  if (data.command !== "RCPT TO" && data.command !== "DATA") return null;
  return new MailRefused(`The mail server refused it: ${data.response}`, { cause: error });
}
