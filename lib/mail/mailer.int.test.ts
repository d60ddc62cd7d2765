import { type AddressInfo, createServer, type Socket } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterEach, describe, expect, it } from "vitest";
import { createMailer, type Mailer, MailRefused, type OutgoingMail } from "@/lib/mail/mailer";

const FROM = "Podmeter <billing@podmeter.test>";
const MAIL: OutgoingMail = {
  subject: "80 % of your credits are used — Zürich",
  html: "<p>15.00 of 75.00</p>",
  text: "15.00 of 75.00\n",
  to: "ann@acme.test",
  messageId: "<podmeter-7-42@podmeter.test>",
  accountPublicId: "acc_7f3kq2m9x1",
};

const atEnd: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of atEnd.splice(0).reverse()) await end();
});

type Received = ParsedMail & { recipients: string[] };

async function smtpServer(behaviour: SMTPServerOptions = {}, port = 0): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    closeTimeout: 100,
    onData(stream, session, done) {
      simpleParser(stream).then((mail) => {
        received.push({ ...mail, recipients: session.envelope.rcptTo.map(({ address }) => address) });
        done();
      }, done);
    },
    ...behaviour,
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  atEnd.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, received };
}

function mailerTo(smtpUrl: string): Mailer {
  const mailer = createMailer({ smtpUrl, from: FROM });
  atEnd.push(() => mailer.close());
  return mailer;
}

const reply = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode });

async function failure(sending: Promise<void>): Promise<Error> {
  const outcome = await sending.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(outcome instanceof Error)) throw new Error("The mail was sent, but it should not have been.");
  return outcome;
}

describe("the mailer", () => {
  it("hands a mail over as text and HTML, with the Message-ID it was given, marked as made by a program (N4, N5)", async () => {
    const { url, received } = await smtpServer();
    await mailerTo(url).send(MAIL);
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      messageId: MAIL.messageId,
      subject: MAIL.subject,
      text: MAIL.text,
      html: MAIL.html,
      recipients: ["ann@acme.test"],
    });
    expect(received[0]?.from?.text).toBe('"Podmeter" <billing@podmeter.test>');
    expect(received[0]?.headers.get("auto-submitted")).toBe("auto-generated");
    expect(received[0]?.headers.get("x-podmeter-account")).toBe("acc_7f3kq2m9x1");
  });

  it("gives a repeat the same Message-ID, so that it can be recognised (N5)", async () => {
    const { url, received } = await smtpServer();
    const mailer = mailerTo(url);
    await mailer.send(MAIL);
    await mailer.send(MAIL);
    expect(received.map(({ messageId }) => messageId)).toEqual([MAIL.messageId, MAIL.messageId]);
  });

  it("reports a recipient that is refused for good as MailRefused with the server's words, and goes on with others (N6)", async () => {
    const { url, received } = await smtpServer({
      onRcptTo: ({ address }, _session, done) =>
        done(address.startsWith("gone") ? reply(550, "5.1.1 No such mailbox here") : null),
    });
    const mailer = mailerTo(url);
    const error = await failure(mailer.send({ ...MAIL, to: "gone@acme.test" }));
    expect(error).toBeInstanceOf(MailRefused);
    expect(error.message).toContain("550 5.1.1 No such mailbox here");
    await mailer.send(MAIL);
    expect(received.map(({ recipients }) => recipients)).toEqual([["ann@acme.test"]]);
  });

  it("reports a mail that is refused after it was read as MailRefused (N6)", async () => {
    const { url } = await smtpServer({
      onData(stream, _session, done) {
        stream.resume();
        stream.once("end", () => done(reply(554, "Looks like spam")));
      },
    });
    expect(await failure(mailerTo(url).send(MAIL))).toBeInstanceOf(MailRefused);
  });

  it.each<[string, SMTPServerOptions]>([
    ["a recipient that is refused for now", { onRcptTo: (_to, _session, done) => done(reply(451, "Try again later")) }],
    ["a sender that is refused", { onMailFrom: (_from, _session, done) => done(reply(550, "Not allowed to send")) }],
    ["a sign-in that is missing", { onRcptTo: (_to, _session, done) => done(reply(530, "Sign in first")) }],
    ["a server that takes nobody in", { onConnect: (_session, done) => done(reply(554, "Closed")) }],
  ])("leaves %s to be tried again: it is no refusal of the recipient (N6)", async (_case, behaviour) => {
    const { url } = await smtpServer(behaviour);
    expect(await failure(mailerTo(url).send(MAIL))).not.toBeInstanceOf(MailRefused);
  });

  it("leaves a mail to be tried again when the server is down, and sends it when it is back (N6)", async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise<void>((resolve) => probe.close(() => resolve()));
    const mailer = mailerTo(`smtp://127.0.0.1:${port}`);
    const error = await failure(mailer.send(MAIL));
    expect(error).not.toBeInstanceOf(MailRefused);
    expect(error.message).toContain("ECONNREFUSED");
    const { received } = await smtpServer({}, port);
    await mailer.send(MAIL);
    expect(received).toHaveLength(1);
  });

  it("does not by itself send again when the connection is lost after the mail was handed over (N5)", async () => {
    let handedOver = 0;
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.write("220 here\r\n");
      let inData = false;
      socket.on("data", (chunk) => {
        const text = chunk.toString();
        if (inData) {
          if (!text.includes("\r\n.\r\n")) return;
          handedOver += 1;
          return socket.destroy();
        }
        inData = text.startsWith("DATA");
        socket.write(inData ? "354 go on\r\n" : "250 fine\r\n");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    atEnd.push(() => {
      for (const socket of sockets) socket.destroy();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    });
    const { port } = server.address() as AddressInfo;
    expect(await failure(mailerTo(`smtp://127.0.0.1:${port}`).send(MAIL))).not.toBeInstanceOf(MailRefused);
    expect(handedOver).toBe(1);
  });

  it("never reads one recipient as several, and refuses what is no address without asking the server (R2)", async () => {
    const { url, received } = await smtpServer();
    const mailer = mailerTo(url);
    for (const to of [
      "ann@acme.test, eve@evil.test",
      "ann@acme.test\r\nBcc: eve@evil.test",
      "Ann <ann@acme.test>",
      "",
    ]) {
      expect(await failure(mailer.send({ ...MAIL, to }))).toBeInstanceOf(MailRefused);
    }
    expect(received).toEqual([]);
  });

  it("lets no value add a header", async () => {
    const { url, received } = await smtpServer();
    await mailerTo(url).send({
      ...MAIL,
      subject: "Low\r\nBcc: eve@evil.test",
      accountPublicId: "acc_1\r\nX-Evil: yes",
    });
    expect(received[0]?.recipients).toEqual(["ann@acme.test"]);
    expect([...(received[0]?.headers.keys() ?? [])]).not.toContain("bcc");
    expect([...(received[0]?.headers.keys() ?? [])]).not.toContain("x-evil");
  });
});
