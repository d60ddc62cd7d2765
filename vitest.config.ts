import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const NOT_OURS = ["**/node_modules/**", "**/.next/**", "**/.podmeter/**", "e2e/**"];
/** A clone from the template database, real processes and a real queue on a busy machine: seconds, not milliseconds. */
const INTEGRATION_TIMEOUT_MS = 60_000;

const integration = {
  exclude: NOT_OURS,
  testTimeout: INTEGRATION_TIMEOUT_MS,
  hookTimeout: INTEGRATION_TIMEOUT_MS,
};

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)) } },
  test: {
    pool: "forks",
    maxWorkers: 2,
    env: { PODMETER_MODE: "test", LOG_LEVEL: "silent", TZ: "UTC" },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["**/*.test.{ts,tsx,mjs}"],
          exclude: [...NOT_OURS, "**/*.int.test.ts"],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          ...integration,
          name: "integration",
          include: ["**/*.int.test.ts"],
          globalSetup: ["./test/global-setup.ts"],
          env: { TEST_QUEUE: "postgres" },
        },
      },
      {
        extends: true,
        test: {
          ...integration,
          name: "integration-redis",
          include: ["**/*.queue.int.test.ts"],
          globalSetup: ["./test/global-setup.ts", "./test/global-setup-redis.ts"],
          env: { TEST_QUEUE: "redis" },
        },
      },
    ],
  },
});
