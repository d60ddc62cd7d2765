import { describe, expect, it } from "vitest";
import { STOPPED_MESSAGE } from "@/lib/billing/gate";
import { EXAMPLE_DEPLOYMENT, EXAMPLE_FACTS, EXAMPLE_MAILS } from "@/lib/mail/example-mails";
import type { Mail } from "@/lib/mail/mail-data";
import { renderMail } from "@/lib/mail/render-mail";

/** The words that a person sees in the HTML. */
function visible(html: string): string {
  const body = html.slice(html.indexOf("<body")).replace(/<!--.*?-->/gs, "");
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#x27": "'", amp: "&", nbsp: " " };
  return body
    .replace(/<[^>]*>/g, "")
    .replace(/&(lt|gt|quot|#x27|amp|nbsp);/g, (_, name: string) => entities[name] ?? "")
    .replace(/\s+/g, " ");
}

const threshold = (remaining: bigint, granted = 75_000_000n): Mail => ({
  kind: "threshold",
  meter: "credits",
  threshold: 90,
  remaining,
  granted,
});

describe.each(EXAMPLE_MAILS)("the mail $title", ({ mail, facts }) => {
  const [remaining, total] =
    "meter" in mail && mail.meter === "runs"
      ? [facts.runsRemaining.toLocaleString("en-US"), "10,000"]
      : [(Number(facts.remainingMicro) / 1e6).toFixed(Math.abs(Number(facts.remainingMicro)) < 1e6 ? 4 : 2), "75.00"];

  it("says in text and HTML whose account it is, what is left of how much, and what to do next (N4)", async () => {
    const { html, text } = await renderMail(mail, facts);
    for (const words of [text, visible(html)]) {
      expect(words).toContain("Acme (acc_7f3kq2m9x1)");
      expect(words).toContain(`${remaining} of ${total}`);
      expect(words).toContain("What this means now");
      expect(words).toContain("What to do next");
      expect(words).toContain("support@podmeter.example");
    }
    const page = /(?:went|deployments) <(https:\/\/podmeter\.example\/\S+)>/.exec(text)?.[1];
    expect(["/settings/billing/usage", "/deployments"]).toContain(new URL(page ?? "").pathname);
    expect(html).toContain(`href="${page}"`);
  });

  it("gives the runway with the time zone's name, and what is used up or stopped already as such (N4, U3)", async () => {
    const { text } = await renderMail(mail, facts);
    expect(text).toContain("As of 24 Nov 2026, 06:12:00 Europe/Berlin");
    expect(text).toMatch(/Burn rate {2,}(2\.118 credits per hour|None: nothing is running)\n/);
    expect(text).toMatch(
      /Credits run out {2,}(24 Nov 2026, 13:17 Europe\/Berlin \(in 7 h 5 min\)|They are used up|Not at)/,
    );
    expect(text).toMatch(/Everything is stopped {2,}(At -5\.00 credits: 24 Nov 2026|The limit of -5\.00|Not at)/);
  });

  it("has a subject of one line that is its title and names the account", async () => {
    const { subject, html } = await renderMail(mail, facts);
    expect(subject).toMatch(/^.{10,160} — Acme$/);
    expect(visible(html.replace("<title>", "<body><title>"))).toContain(subject);
  });

  it("loads nothing from elsewhere and is marked up for screen readers, in both colour schemes", async () => {
    const { html } = await renderMail(mail, facts);
    expect(html).not.toMatch(/\ssrc=|url\(|@import|<link|<script|<img/);
    expect(html).toContain('lang="en"');
    expect(html).toContain('name="color-scheme" content="light dark"');
    expect(html).toContain("prefers-color-scheme: dark");
    const tables = html.match(/<table[^>]*>/g) ?? [];
    expect(tables.filter((table) => !table.includes('role="presentation"'))).toHaveLength(1);
    expect(html).toContain('<th scope="row"');
  });
});

describe("figures in mails", () => {
  it("are those of the crossing in subject and first sentence, and those of now in the balance (N4)", async () => {
    const { subject, text } = await renderMail(
      { kind: "threshold", meter: "credits", threshold: 80, remaining: 15_000_000n, granted: 75_000_000n },
      { ...EXAMPLE_FACTS, remainingMicro: 14_120_000n },
    );
    expect(subject).toBe("80 % of your credits are used: 15.00 of 75.00 left — Acme");
    expect(text).toContain("15.00 of 75.00 were left when it crossed 80 %");
    expect(text).toContain("14.12 of 75.00 total");
  });

  it("count runs in whole runs (N4)", async () => {
    const { subject } = await renderMail(
      { kind: "threshold", meter: "runs", threshold: 50, remaining: 5_000n, granted: 10_000n },
      EXAMPLE_FACTS,
    );
    expect(subject).toBe("50 % of your workflow runs are used: 5,000 of 10,000 left — Acme");
  });

  it("show a negative balance with its sign, and one micro-credit as more than nothing (C1, A5)", async () => {
    const negative = await renderMail(
      { kind: "used_up", meter: "credits" },
      { ...EXAMPLE_FACTS, remainingMicro: -4_990_000n },
    );
    expect(negative.text).toContain("-4.99 of 75.00");
    const crumb = await renderMail(threshold(1n), { ...EXAMPLE_FACTS, remainingMicro: 1n });
    expect(crumb.subject).toContain("< 0.0001 of 75.00 left");
    expect(crumb.html).toContain("&lt; 0.01");
  });

  it("come in the account's own time zone, half-hour zones too (U2)", async () => {
    const { text } = await renderMail(threshold(7_500_000n), { ...EXAMPLE_FACTS, timeZone: "Asia/Kathmandu" });
    expect(text).toContain("24 Nov 2026, 18:02 Asia/Kathmandu (in 7 h 5 min)");
  });
});

describe("what a mail says is disabled (N3)", () => {
  const said = async (facts: Partial<typeof EXAMPLE_FACTS>) =>
    (await renderMail(threshold(1n), { ...EXAMPLE_FACTS, ...facts })).text;

  it("is nothing above the fine-tuning floor, and fine-tuning at exactly 25 credits (A8)", async () => {
    expect(await said({ remainingMicro: 25_000_001n })).toContain("Nothing is disabled yet.");
    expect(await said({ remainingMicro: 25_000_000n })).toContain("No fine-tuning job can be started");
  });

  it("is new deployments at exactly the deploy floor, not one micro-credit above it (A4)", async () => {
    expect(await said({ remainingMicro: 1_000_001n })).not.toContain("Nothing new can be deployed");
    expect(await said({ remainingMicro: 1_000_000n })).toContain("Nothing new can be deployed");
  });

  it("is everything that costs credits at zero, and workflows without runs (A2)", async () => {
    expect(await said({ remainingMicro: 0n })).toContain("nothing that costs credits can be started");
    expect(await said({ runsRemaining: 0n })).toContain("no workflow can be run");
  });
});

describe("mails about deployments", () => {
  it("about a stop carry the words of A6 exactly, in text, HTML and preview line", async () => {
    const { html, text } = await renderMail({ kind: "stopped", deployment: EXAMPLE_DEPLOYMENT }, EXAMPLE_FACTS);
    expect(text).toContain(STOPPED_MESSAGE);
    expect(visible(html).split(STOPPED_MESSAGE)).toHaveLength(3);
  });

  it("about a deployment have the endpoint, a command to call it, and the price (N4)", async () => {
    const { html, text } = await renderMail({ kind: "deployed", deployment: EXAMPLE_DEPLOYMENT }, EXAMPLE_FACTS);
    for (const words of [text, visible(html)]) {
      expect(words).toContain("curl -sS 'http://127.0.0.1:41873'");
      expect(words).toContain("0.576 credits per hour");
    }
    expect(html).toContain('href="http://127.0.0.1:41873"');
  });

  it("quote an endpoint for the shell and link only web addresses", async () => {
    const endpoint = "javascript:alert('x');rm -rf ~";
    const deployment = { ...EXAMPLE_DEPLOYMENT, endpoint };
    const { html, text } = await renderMail({ kind: "deployed", deployment }, EXAMPLE_FACTS);
    expect(text).toContain(String.raw`curl -sS 'javascript:alert('\''x'\'');rm -rf ~'`);
    expect(html).not.toMatch(/href="javascript/);
  });

  it("name each deployment that the limit stops, and count those beyond twenty (A6)", async () => {
    const deployments = Array.from({ length: 23 }, (_, place) => `pod-${place}`);
    const { text } = await renderMail({ kind: "limit_reached", deployments }, EXAMPLE_FACTS);
    expect(text).toContain("- pod-19\n- and 3 more");
    expect(text).not.toContain("pod-20");
  });
});

describe("names from outside", () => {
  const hostile = "<script>alert(1)</script>\"><img src=x onerror=alert(2)> & 'Co'";

  it("are shown as they are and never become markup", async () => {
    const deployment = { ...EXAMPLE_DEPLOYMENT, name: hostile };
    const facts = { ...EXAMPLE_FACTS, accountName: hostile };
    const mails: Mail[] = [
      { kind: "stopped", deployment },
      { kind: "undeployed", deployment, by: hostile },
      { kind: "deploy_failed", deployment, reason: hostile },
      { kind: "limit_reached", deployments: [hostile] },
    ];
    for (const mail of mails) {
      const { html, text } = await renderMail(mail, facts);
      expect(html).not.toMatch(/<script|<img/i);
      expect(visible(html)).toContain(hostile);
      expect(text).toContain(hostile);
    }
  });

  it("add no line to subject or text, and do not turn the reading direction", async () => {
    const accountName = "Acme\r\nBcc: victim@example.test\u2028\u202Egnirts\u0000";
    const { subject, text } = await renderMail(threshold(1n), { ...EXAMPLE_FACTS, accountName });
    expect(subject).toMatch(/ — Acme Bcc: victim@example\.test gnirts$/);
    expect(text).not.toMatch(/^Bcc:/m);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u2028\u202E]/u);
  });

  it("are cut when they are long, between whole characters, and the subject stays short", async () => {
    const name = "😀".repeat(10_000);
    const facts = { ...EXAMPLE_FACTS, accountName: name };
    const { subject, html } = await renderMail({ kind: "stopped", deployment: { ...EXAMPLE_DEPLOYMENT, name } }, facts);
    expect([...subject].length).toBeLessThanOrEqual(200);
    expect(subject).not.toMatch(/\p{Cs}/u);
    expect(html.length).toBeLessThan(30_000);
  });
});
