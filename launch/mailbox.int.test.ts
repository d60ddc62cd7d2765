import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createTransport } from "nodemailer";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Mailbox, startMailbox } from "@/launch/mailbox";
import type { StoredMail } from "@/launch/mailbox-store";

let dir: string;
let mailbox: Mailbox;

beforeEach(async () => {
  dir = mkdtempSync(path.join(os.tmpdir(), "podmeter-mailbox-"));
  mailbox = await startMailbox({ dir });
});
afterEach(async () => {
  await mailbox.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function sendMail(to: string | string[], fields: { messageId?: string; html?: string; subject?: string } = {}) {
  const transport = createTransport(mailbox.smtpUrl);
  await transport.sendMail({
    from: "billing@podmeter.test",
    to,
    subject: "Low: 20 % — Zürich",
    text: "See http://localhost:1/x",
    ...fields,
  });
  transport.close();
}

async function mails(): Promise<StoredMail[]> {
  return (await (await fetch(`${mailbox.httpUrl}/api/mails`)).json()) as StoredMail[];
}

async function behave(rule: object): Promise<number> {
  const headers = { "content-type": "application/json" };
  return (await fetch(`${mailbox.httpUrl}/api/behaviour`, { method: "POST", headers, body: JSON.stringify(rule) }))
    .status;
}

describe("the local mailbox", () => {
  it("shows a mail that was sent twice as two mails, also after a restart, so that a double sending is seen (N5)", async () => {
    await sendMail("ann@example.test", { messageId: "<same@podmeter.test>", html: "<b>Low</b>" });
    await sendMail("ann@example.test", { messageId: "<same@podmeter.test>", html: "<b>Low</b>" });
    const seen = await mails();
    expect(seen.map(({ messageId, to }) => ({ messageId, to }))).toEqual([
      { messageId: "<same@podmeter.test>", to: ["ann@example.test"] },
      { messageId: "<same@podmeter.test>", to: ["ann@example.test"] },
    ]);
    expect(seen[0]).toMatchObject({ from: "billing@podmeter.test", subject: "Low: 20 % — Zürich", html: "<b>Low</b>" });
    await mailbox.stop();
    mailbox = await startMailbox({ dir });
    expect(await mails()).toEqual(seen);
  });

  it("forgets its mails when asked to, on disk too", async () => {
    await sendMail("ann@example.test");
    await fetch(`${mailbox.httpUrl}/api/mails`, { method: "DELETE" });
    await mailbox.stop();
    mailbox = await startMailbox({ dir });
    expect(await mails()).toEqual([]);
  });

  it("refuses one recipient for good and all of them for a while, as tests of retries need it (N6)", async () => {
    expect(await behave({ mode: "refuse", recipient: "gone@example.test" })).toBe(204);
    await expect(sendMail("Gone@example.test")).rejects.toMatchObject({ responseCode: 550 });
    await sendMail(["ann@example.test", "gone@example.test"]);
    expect(await behave({ mode: "down" })).toBe(204);
    await expect(sendMail("ann@example.test")).rejects.toMatchObject({ responseCode: 451 });
    expect(await behave({ mode: "accept" })).toBe(204);
    await sendMail("gone@example.test");
    expect((await mails()).map(({ to }) => to)).toEqual([["ann@example.test"], ["gone@example.test"]]);
    expect(await behave({ mode: "explode" })).toBe(400);
  });

  it("shows a mail's HTML where none of it can act on the page, and its links as links", async () => {
    const html = `<script>parent.document.title = "taken"</script></iframe><p title="'">x</p>`;
    await sendMail("ann@example.test", { html, subject: "<img src=x onerror=alert(1)>" });
    const [mail] = await mails();
    const list = await (await fetch(mailbox.httpUrl)).text();
    const page = await (await fetch(`${mailbox.httpUrl}/mails/${mail?.id}`)).text();
    expect(list).toContain("&lt;img src=x onerror=alert(1)&gt;");
    expect(page).not.toMatch(/<script>|<img/);
    expect(page.match(/<\/iframe>/g)).toHaveLength(1);
    expect(page).toMatch(/<iframe [^>]*sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc=/);
    expect(page).toContain('<a href="http://localhost:1/x">');
    expect((await fetch(`${mailbox.httpUrl}/mails/..%2f..%2fetc%2fpasswd`)).status).toBe(404);
  });
});
