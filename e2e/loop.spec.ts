import { expect, test } from "@playwright/test";
import { mailsTo, STOPPED_MESSAGE, signIn } from "./support";

const CUSTOMER = "spark@e2e.example";

test("credits run down, the pod is stopped at the limit, mails say so, and a top-up lets the script be deployed again (D2, E1–E5, A2–A6, N4, N5, Q1)", async ({
  page,
  browser,
  request,
}) => {
  await signIn(page, CUSTOMER);
  await page.goto("/deployments/new");
  await page.getByRole("radio", { name: /Hello HTTP/ }).check();
  await page.getByRole("radio", { name: /4 vCPU, 8 GB/ }).check();
  await page.getByLabel("Replicas").fill("3");
  await page.getByLabel("Name", { exact: true }).fill("fuse-script");
  await expect(page.getByText("0.92376").first()).toBeVisible();
  await page.getByRole("button", { name: /^Deploy/ }).click();

  // It runs as a real process that answers.
  await expect(page).toHaveURL(/\/deployments$/);
  const row = page.locator("tbody", { hasText: "fuse-script" });
  await expect(row.getByText("Deployed", { exact: true })).toBeVisible();
  const endpoint = await row.getByRole("link").first().getAttribute("href");
  const answer = await request.get(endpoint ?? "");
  expect(answer.ok()).toBe(true);

  // The quick check counts down between two looks at it.
  const clock = page.getByRole("button", { name: /^Quick check/ });
  const first = await clock.innerText();
  await expect.poll(() => clock.innerText()).not.toBe(first);

  // Used up, then closed and stopped, with the message, without anybody reloading the page.
  await expect(page.getByText("Your credits are used up.")).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText(STOPPED_MESSAGE).first()).toBeVisible({ timeout: 40_000 });
  await expect(row.getByText("Undeployed", { exact: true })).toBeVisible({ timeout: 20_000 });
  await expect(row.getByText(STOPPED_MESSAGE)).toBeVisible();
  await expect(clock).toHaveAttribute("data-state", "none");
  await expect(request.get(endpoint ?? "")).rejects.toThrow();
  await page.screenshot({ path: "test-results/stopped.png", fullPage: true });

  // Nothing new gets in.
  await page.goto("/deployments/new");
  await expect(page.getByRole("alert").filter({ hasText: STOPPED_MESSAGE }).first()).toBeVisible();

  // The mails are in the mailbox, each crossing once.
  await expect.poll(async () => (await mailsTo(CUSTOMER)).length, { timeout: 30_000 }).toBeGreaterThanOrEqual(5);
  const subjects = (await mailsTo(CUSTOMER)).map((mail) => mail.subject);
  for (const words of [
    /^Deployed: fuse-script/,
    /50 % of your credits/,
    /used up: nothing new/,
    /Everything is being stopped/,
    /^Stopped: fuse-script/,
  ]) {
    expect(subjects.filter((subject) => words.test(subject))).toHaveLength(1);
  }
  const stopped = (await mailsTo(CUSTOMER)).find((mail) => mail.subject.startsWith("Stopped:"));
  expect(stopped?.text).toContain(STOPPED_MESSAGE);

  // An operator adds credits, with a reason.
  const office = await browser.newContext();
  const desk = await office.newPage();
  await signIn(desk, "ops@e2e.example");
  await desk.goto("/ops");
  await desk.getByRole("link", { name: "Spark", exact: true }).click();
  await desk.getByLabel("Credits", { exact: true }).fill("2.5");
  await desk.getByLabel("Reason").fill("Paid by phone at night");
  await desk.getByRole("button", { name: /^Add/ }).click();
  await expect(
    desk
      .getByRole("status")
      .filter({ hasText: /Added\. The balance is now 2\.49/ })
      .first(),
  ).toBeVisible();
  await office.close();

  // Open again: the script can be deployed, and undeployed by its owner.
  await page.goto("/deployments/new");
  await page.getByLabel("Name", { exact: true }).fill("second-script");
  await page.getByRole("button", { name: /^Deploy/ }).click();
  const second = page.locator("tbody", { hasText: "second-script" });
  await expect(second.getByText("Deployed", { exact: true })).toBeVisible();
  await second.getByRole("button", { name: "Undeploy second-script" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Undeploy" }).click();
  await expect(second.getByText("Undeployed", { exact: true })).toBeVisible({ timeout: 20_000 });
  await expect
    .poll(async () => (await mailsTo(CUSTOMER)).some((mail) => /^Undeployed: second-script/.test(mail.subject)))
    .toBe(true);
});

test("workflow runs are taken one by one, and refused with what to do when none is left (A2)", async ({ page }) => {
  await signIn(page, CUSTOMER);
  await page.goto("/workflows");
  await page.getByLabel("Name", { exact: true }).fill("Nightly");
  await page.getByRole("button", { name: "Make workflow" }).click();
  const run = page.getByRole("button", { name: /^Run Nightly/ });
  for (const left of ["1 of 2", "0 of 2"]) {
    await run.click();
    await expect(page.getByRole("button", { name: new RegExp(`${left} runs`) })).toBeVisible();
  }
  await expect(page.getByRole("alert").filter({ hasText: /no workflow runs left/ })).toBeVisible();
  await expect(run).toBeDisabled();
});
