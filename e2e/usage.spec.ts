import { expect, test } from "@playwright/test";
import { signIn } from "./support";

const USAGE = "/settings/billing/usage";

test("the overview shows real sums: cards, trend and pie agree, and the range is in the address (U2, U3)", async ({
  page,
}) => {
  await signIn(page, "calm@e2e.example");
  for (const range of ["24h", "7d", "30d", "90d"]) {
    await page.goto(`${USAGE}?range=${range}`);
    await expect(page.getByRole("heading", { name: "Usage", exact: true })).toBeVisible();
    await expect(page.getByRole("navigation", { name: "Range" }).locator("[aria-current]")).toHaveCount(1);
  }
  await page.getByRole("navigation", { name: "Range" }).getByRole("link").nth(1).click();
  await expect(page).toHaveURL(/range=7d/);
  await page.goBack();
  await expect(page).toHaveURL(/range=90d/);
  await expect(page.getByText("Europe/Berlin").first()).toBeVisible();
});

test("the quick check shows account, credits and runs, and copies the account id (Q1)", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page, "calm@e2e.example");
  await page.getByRole("button", { name: /^Quick check/ }).click();
  const panel = page.getByRole("dialog");
  await panel.getByRole("button", { name: "Copy the account id" }).click();
  await expect(panel.getByText("Copied", { exact: true })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^acc_/);
  await expect(panel.getByRole("link", { name: "Manage billing" })).toHaveAttribute("href", USAGE);
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
});

test("without JavaScript the overview still has its figures, charts and ranges, and one can sign in (U3)", async ({
  browser,
  baseURL,
}) => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    baseURL: process.env.PODMETER_E2E_URL ?? baseURL,
  });
  const page = await context.newPage();
  await signIn(page, "calm@e2e.example");
  await page.goto(`${USAGE}?range=30d`);
  await expect(page.getByText(/ %/).first()).toBeVisible();
  expect(await page.locator("main svg").count()).toBeGreaterThan(1);
  await page.getByRole("navigation", { name: "Range" }).getByRole("link").first().click();
  await expect(page).toHaveURL(/range=24h/);
  await context.close();
});

test("a viewer sees neither billing nor its figures, and is told whom to ask (R1)", async ({ page }) => {
  await signIn(page, "viewer@e2e.example");
  await page.goto(USAGE);
  await expect(page).toHaveURL(/not-allowed/);
  await expect(page.getByText(/Carla Calm|calm@e2e\.example/).first()).toBeVisible();
  await expect(page.getByRole("button", { name: /^Quick check/ })).toHaveCount(0);
});

test("customers have no way into the operators' pages or the queue dashboard (R1, R2, O1)", async ({ page }) => {
  await signIn(page, "empty@e2e.example");
  for (const path of ["/ops", "/ops/queues", "/ops/stops", "/ops/mails"]) {
    const response = await page.request.get(path);
    expect([path, response.status()]).toEqual([path, 404]);
  }
});

test("operators see all accounts and the queue dashboard (O1, O3)", async ({ page }) => {
  await signIn(page, "ops@e2e.example");
  await page.goto("/ops");
  for (const name of ["Spark", "Calm", "Empty"])
    await expect(page.getByRole("link", { name, exact: true })).toBeVisible();
  await page.goto("/ops/queues");
  await expect(page.getByText("enforcement").first()).toBeVisible();
});

test("nobody gets in without signing in, with a wrong password, or after signing out (R2)", async ({
  page,
  context,
}) => {
  for (const path of [USAGE, "/deployments", "/workflows", "/ops"]) {
    await page.goto(path);
    await expect(page).toHaveURL(/\/sign-in/);
  }
  await page.getByLabel("E-mail").first().fill("empty@e2e.example");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await signIn(page, "empty@e2e.example");
  const kept = await context.cookies();
  await page
    .getByRole("button", { name: /^Account menu/ })
    .or(page.locator("summary", { hasText: "Empty" }))
    .first()
    .click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await context.addCookies(kept);
  await page.goto(USAGE);
  await expect(page).toHaveURL(/\/sign-in/);
});
