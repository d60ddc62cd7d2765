import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const PASSWORD = "correct horse battery";
/** SPEC A6, word for word. */
export const STOPPED_MESSAGE =
  "You've used all your available credits. Please add more credits to your account to continue.";

export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").first().fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
}

export type StoredMail = { messageId: string; to: string[]; subject: string; text: string; html: string };

/** Everything in the mailbox for one person, oldest first. */
export async function mailsTo(recipient: string): Promise<StoredMail[]> {
  const response = await fetch(new URL("/api/mails", process.env.PODMETER_E2E_MAILBOX));
  const mails = (await response.json()) as (StoredMail & { date: string })[];
  return mails
    .filter((mail) => mail.to.some((address) => address.includes(recipient)))
    .sort((a, b) => a.date.localeCompare(b.date));
}

export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.html.slice(0, 160)) }))).toEqual([]);
}

/** No page is wider than the screen. */
export async function expectFits(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
}
