import type { StoredMail } from "@/launch/mailbox-store";

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --line: light-dark(#d4d4d8, #3f3f46); --quiet: light-dark(#52525b, #a1a1aa); }
body { margin: 0 auto; padding: 1rem; max-width: 60rem; background: light-dark(#fff, #18181b); color: light-dark(#18181b, #f4f4f5); }
a { color: light-dark(#1d4ed8, #93c5fd); }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; }
ul { list-style: none; margin: 0; padding: 0; }
li { border-top: 1px solid var(--line); padding: .6rem 0; overflow-wrap: anywhere; }
.quiet, dt { color: var(--quiet); font-size: .9rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .2rem 1rem; margin: 1rem 0; }
dd { margin: 0; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); padding: 1rem; font: inherit; }
iframe { width: 100%; height: 75vh; border: 1px solid var(--line); background: #fff; color-scheme: light; }
`;

export function inboxPage(mails: readonly StoredMail[]): string {
  const rows = mails.toReversed().map(
    (mail) => `<li><a href="/mails/${escapeHtml(mail.id)}">${escapeHtml(mail.subject || "(no subject)")}</a>
<div class="quiet">to ${escapeHtml(mail.to.join(", "))} · <time datetime="${mail.date.toISOString()}">${when(mail.date)}</time></div></li>`,
  );
  const count = mails.length === 1 ? "1 mail" : `${mails.length} mails`;
  const body = rows.length
    ? `<ul>${rows.join("\n")}</ul>`
    : "<p>No mail yet. Whatever Podmeter sends in this demo arrives here, and nowhere else.</p>";
  return page(
    "Mailbox",
    `<h1>Mailbox</h1><p class="quiet">${count}, newest first. <a href="/">Look again</a></p>${body}`,
  );
}

export function mailPage(mail: StoredMail): string {
  const facts: [string, string][] = [
    ["From", mail.from],
    ["To", mail.to.join(", ")],
    ["Arrived", when(mail.date)],
    ["Message-ID", mail.messageId],
  ];
  const list = facts.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`).join("");
  return page(
    mail.subject || "(no subject)",
    `<p><a href="/">All mails</a></p><h1>${escapeHtml(mail.subject || "(no subject)")}</h1><dl>${list}</dl>
${mail.html === null ? "" : `<h2>HTML</h2>${framed(mail.html)}`}
<h2>Text</h2><pre>${linked(mail.text)}</pre>`,
  );
}

export function notFoundPage(): string {
  return page("Not found", '<h1>Not found</h1><p>There is no such mail. <a href="/">All mails</a></p>');
}

/** No script of a mail runs and nothing of it reaches this page; a link opens in a tab of its own. */
function framed(html: string): string {
  const content = `<base target="_blank">${html}`;
  return `<iframe title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="${escapeHtml(content)}"></iframe>`;
}

function linked(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, index) => (index % 2 ? `<a href="${escapeHtml(part)}">${escapeHtml(part)}</a>` : escapeHtml(part)))
    .join("");
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)} · Podmeter mailbox</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`;
}

const when = (date: Date) => date.toISOString().replace("T", " ").replace(/\..*/, " UTC");

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
