import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { SMTPServer } from "smtp-server";
import { z } from "zod";
import { inboxPage, mailPage, notFoundPage } from "@/launch/mailbox-pages";
import { type MailStore, openMailStore } from "@/launch/mailbox-store";

export type MailboxOptions = {
  /** Mails are kept here, as .eml files. */
  dir: string;
  /** Free ones when left out. */
  smtpPort?: number;
  httpPort?: number;
};

export type Mailbox = { smtpUrl: string; httpUrl: string; stop(): Promise<void> };

/** How the server treats a recipient: takes the mail, refuses it for good (550), or for now (451). */
const behaviour = z.object({
  mode: z.enum(["accept", "refuse", "down"]),
  /** All recipients when left out; `accept` for all also forgets what was said of single ones. */
  recipient: z.email().optional(),
});
type Mode = z.infer<typeof behaviour>["mode"];

const MAX_MAIL_BYTES = 10 * 1024 * 1024;
const MAX_REQUEST_BYTES = 10_000;

/** A mail server for one machine: takes every mail, sends none on, and shows them in an inbox. */
export async function startMailbox(options: MailboxOptions): Promise<Mailbox> {
  const store = await openMailStore(options.dir);
  const modes = new Map<string, Mode>();
  const modeOf = (recipient: string) => modes.get(recipient.toLowerCase()) ?? modes.get("*") ?? "accept";
  const smtp = smtpServer(store, modeOf);
  const inbox = createServer((request, response) => {
    answer(request, response, store, modes).catch((error: unknown) => {
      console.error("the inbox could not answer", error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  const smtpPort = await listen(smtp.server, options.smtpPort);
  const httpPort = await listen(inbox, options.httpPort);
  return {
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    httpUrl: `http://localhost:${httpPort}`,
    async stop() {
      inbox.closeAllConnections();
      await Promise.all([
        new Promise<void>((resolve) => smtp.close(() => resolve())),
        new Promise<void>((resolve) => inbox.close(() => resolve())),
      ]);
    },
  };
}

function smtpServer(store: MailStore, modeOf: (recipient: string) => Mode): SMTPServer {
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    size: MAX_MAIL_BYTES,
    closeTimeout: 1_000,
    onRcptTo(address, _session, done) {
      const mode = modeOf(address.address);
      if (mode === "refuse") return done(reply(550, "No such mailbox here"));
      if (mode === "down") return done(reply(451, "Not now, try again later"));
      done();
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.once("end", () => {
        if (stream.sizeExceeded) return done(reply(552, "The mail is larger than 10 MB"));
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        store.add(Buffer.concat(chunks), recipients).then(
          () => done(),
          (error: unknown) => {
            console.error("a mail could not be kept", error);
            done(reply(451, "The mail could not be kept, try again later"));
          },
        );
      });
    },
  });
  // A client that hangs up in the middle is no reason for the mailbox to end.
  server.on("error", (error) => console.warn("smtp:", error.message));
  return server;
}

function reply(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

async function answer(request: IncomingMessage, response: ServerResponse, store: MailStore, modes: Map<string, Mode>) {
  // A page on the internet must not read this inbox by a name of its own that resolves to this machine.
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  if (host !== "localhost" && host !== "127.0.0.1")
    return send(response, 403, "text/plain", "This inbox answers at localhost only.");
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const route = `${request.method} ${pathname}`;
  if (route === "GET /") return send(response, 200, "text/html", inboxPage(store.list()));
  if (route === "GET /api/mails") return send(response, 200, "application/json", JSON.stringify(store.list()));
  if (route === "DELETE /api/mails") {
    await store.clear();
    return send(response, 204, "text/plain", "");
  }
  if (route === "POST /api/behaviour") return changeBehaviour(request, response, modes);
  const mail = pathname.startsWith("/mails/") ? store.find(pathname.slice("/mails/".length)) : undefined;
  if (mail && request.method === "GET") return send(response, 200, "text/html", mailPage(mail));
  return send(response, 404, "text/html", notFoundPage());
}

async function changeBehaviour(request: IncomingMessage, response: ServerResponse, modes: Map<string, Mode>) {
  if (!request.headers["content-type"]?.startsWith("application/json")) {
    return send(response, 415, "text/plain", "Send it as application/json.");
  }
  const wanted = behaviour.safeParse(await readJson(request));
  if (!wanted.success) return send(response, 400, "text/plain", z.prettifyError(wanted.error));
  const { mode, recipient } = wanted.data;
  if (recipient === undefined) modes.clear();
  modes.set(recipient?.toLowerCase() ?? "*", mode);
  return send(response, 204, "text/plain", "");
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_REQUEST_BYTES) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    "content-type": `${type}; charset=utf-8`,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy":
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; base-uri 'self'",
  });
  response.end(body);
}

async function listen(server: Server, port: number | undefined): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port ?? 0, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}
