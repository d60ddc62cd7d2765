import { expect, test } from "@playwright/test";
import { signIn } from "./support";

const LEDGER = "/settings/billing/ledger";

test("every ledger line leads to its intervals, prices and grants, and the list is a CSV too (C6, U12)", async ({
  page,
}) => {
  await signIn(page, "calm@e2e.example");
  await page.goto(`${LEDGER}?kind=usage`);
  await expect(page.getByRole("heading", { name: "Ledger", exact: true })).toBeVisible();
  await page.locator(`main a[href^="${LEDGER}/"]:not([href*="csv"])`).first().click();
  await expect(page).toHaveURL(/\/ledger\/\d+/);
  await expect(page.getByText(/past-\d+-/).first()).toBeVisible();
  await page.goto(LEDGER);
  const href = await page.getByRole("link", { name: /CSV/ }).getAttribute("href");
  const csv = await page.request.get(href ?? "");
  expect([csv.status(), csv.headers()["content-type"]]).toEqual([200, expect.stringContaining("text/csv")]);
});

test("another account's ledger is nobody else's: its lines and pages answer 404 (R2)", async ({ page }) => {
  await signIn(page, "empty@e2e.example");
  const response = await page.goto(`${LEDGER}/99999`);
  expect(response?.status()).toBe(404);
});
