import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { EXAMPLE_MAILS } from "@/lib/mail/example-mails";
import { renderMail } from "@/lib/mail/render-mail";

/** Writes every mail with example data, to look at: node --import tsx lib/mail/preview.ts FOLDER */
const folder = process.argv[2];
if (folder === undefined) {
  console.error("Say where the mails are to be written: node --import tsx lib/mail/preview.ts FOLDER");
  process.exit(1);
}
await mkdir(folder, { recursive: true });
for (const { title, mail, facts } of EXAMPLE_MAILS) {
  const { subject, html, text } = await renderMail(mail, facts);
  await writeFile(path.join(folder, `${title}.html`), html);
  await writeFile(path.join(folder, `${title}.txt`), `Subject: ${subject}\n\n${text}`);
}
console.log(`${EXAMPLE_MAILS.length} mails as .html and .txt are in ${folder}`);
