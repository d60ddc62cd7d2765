import { render, toPlainText } from "react-email";
import { deployFailedLetter } from "@/emails/deploy-failed";
import { deployedLetter } from "@/emails/deployed";
import { Layout } from "@/emails/layout";
import type { Letter } from "@/emails/letter";
import { limitReachedLetter } from "@/emails/limit-reached";
import { stoppedLetter } from "@/emails/stopped";
import { thresholdLetter } from "@/emails/threshold";
import { undeployedLetter } from "@/emails/undeployed";
import { usedUpLetter } from "@/emails/used-up";
import type { AccountFacts, DeploymentFacts, Mail, RenderedMail } from "@/lib/mail/mail-data";
import { oneLine } from "@/lib/mail/one-line";

const SUBJECT_LENGTH = 200;
const NAME_LENGTH = 80;
const REASON_LENGTH = 1_000;
const ENDPOINT_LENGTH = 2_000;

/** The mail as it is sent (N4). The text is made from the HTML, so that both always say the same. */
export async function renderMail(mail: Mail, accountFacts: AccountFacts): Promise<RenderedMail> {
  const facts = { ...accountFacts, accountName: oneLine(accountFacts.accountName, NAME_LENGTH) };
  const letter = letterOf(mail, facts);
  const subject = oneLine(letter.subject, SUBJECT_LENGTH);
  const page = await render(<Layout letter={{ ...letter, subject }} facts={facts} />);
  // React's marks between pieces of text: no browser makes the page alive again here, and they break sentences in two.
  const html = page.replaceAll("<!-- -->", "");
  return { subject, html, text: plainText(html) };
}

function letterOf(mail: Mail, facts: AccountFacts): Letter {
  switch (mail.kind) {
    case "threshold":
      return thresholdLetter(facts, mail);
    case "used_up":
      return usedUpLetter(facts, mail.meter);
    case "limit_reached":
      return limitReachedLetter(
        facts,
        mail.deployments.map((name) => oneLine(name, NAME_LENGTH)),
      );
    case "stopped":
      return stoppedLetter(facts, bounded(mail.deployment));
    case "deployed":
      return deployedLetter(facts, bounded(mail.deployment));
    case "undeployed":
      return undeployedLetter(facts, bounded(mail.deployment), oneLine(mail.by, NAME_LENGTH));
    case "deploy_failed":
      return deployFailedLetter(facts, bounded(mail.deployment), oneLine(mail.reason, REASON_LENGTH));
  }
}

function bounded(deployment: DeploymentFacts): DeploymentFacts {
  return {
    ...deployment,
    name: oneLine(deployment.name, NAME_LENGTH),
    endpoint: deployment.endpoint && oneLine(deployment.endpoint, ENDPOINT_LENGTH),
  };
}

function plainText(html: string): string {
  const text = toPlainText(html, {
    // Sentences stay whole: a mail program wraps them to its own width, and a search finds them.
    wordwrap: false,
    selectors: [
      { selector: "h1", options: { uppercase: false, leadingLineBreaks: 2, trailingLineBreaks: 2 } },
      { selector: "h2", options: { uppercase: false, leadingLineBreaks: 3, trailingLineBreaks: 1 } },
      { selector: "ul", options: { itemPrefix: "- ", leadingLineBreaks: 1, trailingLineBreaks: 2 } },
      { selector: "a", options: { hideLinkHrefIfSameAsText: true, linkBrackets: ["<", ">"] } },
      { selector: "a.button", format: "anchor", options: { linkBrackets: ["<", ">"] } },
      {
        selector: '[data-text-format="dataTable"]',
        format: "dataTable",
        options: { uppercaseHeaderCells: false, maxColumnWidth: undefined, colSpacing: 2 },
      },
    ],
  });
  return `${text.trim()}\n`;
}
