import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DEMO_AUTH_SECRET, ENV_NAMES, parseEnv } from "@/lib/env";
import { PodmeterError } from "@/lib/errors";

const SECRET = "s3cret-s3cret-s3cret-s3cret-s3cret";
const GOOD = {
  DATABASE_URL: "postgres://podmeter:hunter2@localhost:5432/podmeter",
  APP_URL: "http://localhost:3000",
  AUTH_SECRET: SECRET,
  SMTP_URL: "smtp://mailer:hunter2@localhost:1025",
};
const OIDC = {
  AUTH_OIDC_ISSUER: "https://id.example.com",
  AUTH_OIDC_CLIENT_ID: "podmeter",
  AUTH_OIDC_CLIENT_SECRET: "hunter2",
};

/** The lines about variables in the refusal of an environment. */
function complaints(source: Record<string, string | undefined>): string[] {
  try {
    parseEnv(source);
  } catch (error) {
    if (!(error instanceof PodmeterError)) throw error;
    expect(error.code).toBe("configuration");
    expect(error.message).toContain(".env.example");
    return error.message.split("\n").filter((line) => line.startsWith("  "));
  }
  return [];
}

describe("what is needed and what holds without being set (issue 2, 8)", () => {
  test("four variables are enough, and the mode is production", () => {
    expect(parseEnv(GOOD)).toEqual({
      ...GOOD,
      PODMETER_MODE: "production",
      MAIL_FROM: "Podmeter <billing@podmeter.localhost>",
      SUPPORT_EMAIL: "support@podmeter.localhost",
      AUTH_OIDC_NAME: "Single sign-on",
      PLATFORM: "local",
      PODS_DIR: ".podmeter/pods",
      POLL_INTERVAL_MS: 2_000,
      TICK_INTERVAL_MS: 2_000,
      LOG_LEVEL: "info",
    });
  });

  test("an empty value counts as not set, also of what is needed", () => {
    const empty = {
      ...GOOD,
      REDIS_URL: "",
      POLL_INTERVAL_MS: "",
      LOG_LEVEL: "",
      AUTH_OIDC_ISSUER: "",
      PODMETER_MODE: "",
    };
    expect(parseEnv(empty)).toEqual(parseEnv(GOOD));
    expect(complaints({ ...GOOD, APP_URL: "" })).toEqual([
      "  APP_URL: is missing; it must be an address that starts with http:// or https://",
    ]);
  });

  test("variables of others are not looked at, and not passed on", () => {
    expect(parseEnv({ ...GOOD, PATH: "/bin", NODE_ENV: "production" })).toEqual(parseEnv(GOOD));
  });

  test.each([
    ["DATABASE_URL", "must be an address that starts with postgres:// or postgresql://"],
    ["APP_URL", "must be an address that starts with http:// or https://"],
    ["AUTH_SECRET", "must have 32 characters or more; make one with: openssl rand -base64 33"],
    ["SMTP_URL", "must be an address that starts with smtp:// or smtps://"],
  ])("without %s it is named, with what is expected", (name, expected) => {
    expect(complaints({ ...GOOD, [name]: undefined })).toEqual([`  ${name}: is missing; it ${expected}`]);
  });

  test("all that is wrong is said at once", () => {
    const wrong = {
      AUTH_SECRET: DEMO_AUTH_SECRET,
      APP_URL: "billing",
      AUTH_OIDC_CLIENT_ID: "podmeter",
      LOG_LEVEL: "loud",
    };
    const names = complaints(wrong).map((line) => line.trim().split(":")[0]);
    expect(names.sort()).toEqual([
      "APP_URL",
      "AUTH_OIDC_ISSUER",
      "AUTH_SECRET",
      "DATABASE_URL",
      "LOG_LEVEL",
      "SMTP_URL",
    ]);
  });
});

describe("a wrong value is refused by its variable's name and what is expected, in one line", () => {
  const INTERVAL = "must be a whole number of milliseconds from 100 to 60000";
  test.each([
    ["PODMETER_MODE", ["prod", "Production", "development"], "must be production, demo, or test"],
    [
      "DATABASE_URL",
      ["localhost", "mysql://x/y", "postgres", "//host"],
      "must be an address that starts with postgres:// or postgresql://",
    ],
    ["REDIS_URL", ["localhost:6379", "http://x"], "must be an address that starts with redis:// or rediss://"],
    [
      "APP_URL",
      ["localhost:3000", "ftp://x", "billing.example.com"],
      "must be an address that starts with http:// or https://",
    ],
    ["AUTH_SECRET", ["x", "x".repeat(31)], "must have 32 characters or more; make one with: openssl rand -base64 33"],
    ["SMTP_URL", ["localhost:25", "http://x"], "must be an address that starts with smtp:// or smtps://"],
    [
      "MAIL_FROM",
      ["billing", "a b c", "Billing <>", "a@b <c>"],
      "must be an e-mail address, or a name with one: Billing <billing@example.com>",
    ],
    ["SUPPORT_EMAIL", ["support", "@x", "a b@example.com"], "must be an e-mail address"],
    ["MAILBOX_URL", ["localhost", "https://x"], "must be an address that starts with http://"],
    ["PLATFORM", ["kubernetes", "Local"], "must be local"],
    ["POLL_INTERVAL_MS", ["fast", "99", "60001", "0", "-1", "2000.5", "2s", "Infinity", "NaN"], INTERVAL],
    ["TICK_INTERVAL_MS", ["1e9", " ", "0x", "99.999"], INTERVAL],
    ["LOG_LEVEL", ["loud", "INFO"], "must be trace, debug, info, warn, error, or silent"],
  ])("%s", (name, values, expected) => {
    for (const value of values)
      expect([value, complaints({ ...GOOD, [name]: value })]).toEqual([value, [`  ${name}: ${expected}`]]);
  });

  test.each([
    ["POLL_INTERVAL_MS", "100", 100],
    ["TICK_INTERVAL_MS", "60000", 60_000],
    ["MAIL_FROM", "billing@example.com", "billing@example.com"],
    ["MAIL_FROM", "Müller & Co. <billing@example.com>", "Müller & Co. <billing@example.com>"],
    ["REDIS_URL", "rediss://:pw@redis.example.com:6380/2", "rediss://:pw@redis.example.com:6380/2"],
    ["DATABASE_URL", "postgresql://h/d?sslmode=require", "postgresql://h/d?sslmode=require"],
  ] as const)("while %s may be %s", (name, value, expected) => {
    expect(parseEnv({ ...GOOD, [name]: value })[name]).toBe(expected);
  });
});

describe("secrets", () => {
  test("the value of a variable is never repeated, so that no password gets into a log", () => {
    for (const name of ENV_NAMES) {
      const message = complaints({ ...GOOD, ...OIDC, [name]: "hunter2-\u0000", LOG_LEVEL: "hunter2" }).join("\n");
      expect(message).not.toBe("");
      expect([name, message.includes("hunter2"), message.includes(SECRET)]).toEqual([name, false, false]);
    }
  });

  test("production refuses the demo's secret, also when production is only the default; demo and test take it", () => {
    const demo = { ...GOOD, AUTH_SECRET: DEMO_AUTH_SECRET };
    const refusal = ["  AUTH_SECRET: is the demo's, which everyone knows; make one with: openssl rand -base64 33"];
    expect(complaints(demo)).toEqual(refusal);
    expect(complaints({ ...demo, PODMETER_MODE: "production" })).toEqual(refusal);
    expect(complaints({ ...demo, PODMETER_MODE: "demo" })).toEqual([]);
    expect(complaints({ ...demo, PODMETER_MODE: "test" })).toEqual([]);
  });
});

describe("single sign-on", () => {
  test("issuer, id and secret go together: all three or none", () => {
    expect(parseEnv({ ...GOOD, ...OIDC })).toMatchObject(OIDC);
    const names = Object.keys(OIDC) as (keyof typeof OIDC)[];
    for (const left of names) {
      for (const values of [{ ...OIDC, [left]: undefined }, { [left]: OIDC[left] }, { ...OIDC, [left]: "" }]) {
        expect(complaints({ ...GOOD, ...values })).toEqual([
          "  AUTH_OIDC_ISSUER: goes together with AUTH_OIDC_CLIENT_ID and AUTH_OIDC_CLIENT_SECRET: set all three or none",
        ]);
      }
    }
  });
});

describe(".env.example", () => {
  const lines = readFileSync(new URL("../.env.example", import.meta.url), "utf8").split("\n");
  const entries = lines.flatMap((line, index) => {
    const [, comment, name = "", value = ""] = /^(# )?([A-Z][A-Z_]+)=(.*)$/.exec(line) ?? [];
    const explained = /^# (?![A-Z_]+=).*[.;:]/.test(lines[index - 1] ?? "");
    return name ? [{ name, value: value.replace(/^"(.*)"$/, "$1"), optional: comment !== undefined, explained }] : [];
  });

  test("explains every variable, once, and no other", () => {
    expect(entries.map(({ name }) => name).sort()).toEqual([...ENV_NAMES].sort());
    expect(entries.filter(({ explained }) => !explained)).toEqual([]);
  });

  test("all its values are accepted, once a secret is filled in", () => {
    const values = Object.fromEntries(entries.map(({ name, value }) => [name, value]));
    expect(complaints(values)).toEqual([expect.stringMatching(/^ {2}AUTH_SECRET: is missing/)]);
    expect(complaints({ ...values, AUTH_SECRET: SECRET })).toEqual([]);
  });

  test("what is not commented out is what is needed, and what is shown as the default is the default", () => {
    const needed = entries.filter(({ optional }) => !optional).map(({ name }) => name);
    expect(needed.sort()).toEqual(Object.keys(GOOD).sort());
    const defaults = Object.entries(parseEnv(GOOD)).filter(([name]) => !(name in GOOD));
    for (const [name, value] of defaults)
      expect(entries.find((entry) => entry.name === name)?.value).toBe(String(value));
  });
});
