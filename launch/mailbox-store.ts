import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { simpleParser } from "mailparser";

/** A mail as a person or a test reads it. */
export type StoredMail = {
  id: string;
  messageId: string;
  from: string;
  /** Who it was delivered to, which is not always who its headers name. */
  to: string[];
  subject: string;
  /** When it arrived here. */
  date: Date;
  text: string;
  html: string | null;
};

export type MailStore = {
  /** In order of arrival. */
  list(): readonly StoredMail[];
  find(id: string): StoredMail | undefined;
  /** Resolves once the mail is safely on disk. The same mail twice is two mails: that is what tests look for. */
  add(source: Buffer, recipients: readonly string[]): Promise<void>;
  clear(): Promise<void>;
};

const SUFFIX = ".eml";

/** Keeps mails as files that any mail program opens, named so that their order is the order of arrival. */
export async function openMailStore(dir: string): Promise<MailStore> {
  await mkdir(dir, { recursive: true });
  const mails = new Map<string, StoredMail>();
  let sequence = 0;
  for (const name of (await readdir(dir)).sort()) {
    if (!name.endsWith(SUFFIX)) continue;
    const id = name.slice(0, -SUFFIX.length);
    mails.set(id, await readMail(id, await readFile(path.join(dir, name))));
  }
  return {
    list: () => [...mails.values()],
    find: (id) => mails.get(id),
    async add(source, recipients) {
      sequence += 1;
      const id = `${Date.now()}-${String(sequence).padStart(6, "0")}-${randomBytes(3).toString("hex")}`;
      const envelope = recipients.map((recipient) => `Delivered-To: ${recipient}\r\n`).join("");
      const delivered = Buffer.concat([Buffer.from(envelope), source]);
      const mail = await readMail(id, delivered);
      await writeSafely(path.join(dir, `${id}${SUFFIX}`), delivered);
      mails.set(id, mail);
    },
    async clear() {
      for (const id of [...mails.keys()]) {
        await rm(path.join(dir, `${id}${SUFFIX}`), { force: true });
        mails.delete(id);
      }
    },
  };
}

async function readMail(id: string, source: Buffer): Promise<StoredMail> {
  const parsed = await simpleParser(source, { skipImageLinks: true });
  const envelope = parsed.headerLines
    .filter(({ key }) => key === "delivered-to")
    .map(({ line }) => line.slice(line.indexOf(":") + 1).trim());
  return {
    id,
    messageId: parsed.messageId ?? "",
    from: parsed.from?.text ?? "",
    to: envelope,
    subject: parsed.subject ?? "",
    date: new Date(Number.parseInt(id, 10)),
    text: parsed.text ?? "",
    html: parsed.html || null,
  };
}

async function writeSafely(file: string, content: Buffer): Promise<void> {
  const unfinished = `${file}.unfinished`;
  const handle = await open(unfinished, "w", 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
}
