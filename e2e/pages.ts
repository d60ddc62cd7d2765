import { expect, type Page, test } from "@playwright/test";
import { expectAccessible, expectFits, signIn } from "./support";

const CUSTOMER_PAGES = [
  "/settings/billing/usage",
  "/settings/billing/usage?range=24h&meter=runs",
  "/deployments",
  "/deployments/new",
  "/workflows",
  "/settings/billing/ledger",
  "/settings/billing/prices",
];
const OPERATOR_PAGES = ["/ops", "/ops/stops", "/ops/mails", "/ops/prices", "/ops/plans"];

/** Every page, in light and in dark: axe finds nothing, and nothing is wider than the screen. */
export function testEveryPage(width: string): void {
  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(`${width}, ${colorScheme}`, () => {
      test.use({ colorScheme });

      test("the customer's pages are accessible and fit (WCAG 2.2 AA)", async ({ page }) => {
        await page.goto("/sign-in");
        await check(page, `${width}-${colorScheme}-sign-in`);
        await signIn(page, "calm@e2e.example");
        for (const path of CUSTOMER_PAGES) {
          await page.goto(path);
          await check(page, `${width}-${colorScheme}${path.replaceAll(/[^a-z0-9]+/g, "-")}`);
        }
        await page.goto("/settings/billing/usage");
        await page.getByRole("button", { name: /^Quick check/ }).click();
        await expect(page.getByRole("dialog")).toBeVisible();
        await check(page, `${width}-${colorScheme}-quick-check`);
      });

      test("an empty account's pages are accessible and fit (WCAG 2.2 AA)", async ({ page }) => {
        await signIn(page, "empty@e2e.example");
        for (const path of ["/settings/billing/usage", "/deployments", "/workflows"]) {
          await page.goto(path);
          await check(page, `${width}-${colorScheme}-empty${path.replaceAll(/[^a-z0-9]+/g, "-")}`);
        }
      });

      test("the operators' pages are accessible and fit (WCAG 2.2 AA)", async ({ page }) => {
        await signIn(page, "ops@e2e.example");
        for (const path of OPERATOR_PAGES) {
          await page.goto(path);
          await check(page, `${width}-${colorScheme}${path.replaceAll("/", "-")}`);
        }
        await page.goto("/ops");
        await page.getByRole("link", { name: "Calm", exact: true }).click();
        await expect(page.getByRole("heading", { name: "Calm" })).toBeVisible();
        await check(page, `${width}-${colorScheme}-ops-account`);
      });
    });
  }
}

async function check(page: Page, name: string): Promise<void> {
  await expect(page.getByRole("main")).toBeVisible();
  await page.screenshot({ path: `test-results/pages/${name}.png`, fullPage: true });
  await expectFits(page);
  await expectAccessible(page);
}
