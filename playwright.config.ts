import { defineConfig } from "@playwright/test";

/** Chromium refuses its sandbox to root, and nothing may call home from a test. */
const CHROMIUM_OPTIONS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  globalSetup: "./e2e/global-setup.ts",
  // One stack and one clock for all: journeys follow each other.
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: "list",
  use: {
    // The setup has started the stack by then and says where it is.
    baseURL: process.env.PODMETER_E2E_URL,
    launchOptions: { executablePath: process.env.PODMETER_CHROMIUM, args: CHROMIUM_OPTIONS },
    locale: "en-US",
    timezoneId: "UTC",
    screenshot: "on",
    trace: "retain-on-failure",
  },
  projects: [
    { name: "desktop", testIgnore: "**/*.phone.spec.ts", use: { viewport: { width: 1280, height: 800 } } },
    {
      name: "phone",
      testMatch: "**/*.phone.spec.ts",
      use: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
    },
  ],
});
