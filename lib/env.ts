import { z } from "zod";
import { PodmeterError } from "@/lib/errors";

/** Messages follow a variable's name, and after "is missing; it" where there is none. */
const url = (...protocols: string[]) => {
  const message = `must be an address that starts with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`;
  return z
    .string(message)
    .refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), message);
};
const milliseconds = (fallback: number, min: number, max: number) => {
  const message = `must be a whole number of milliseconds from ${min} to ${max}`;
  return z.coerce
    .number(message)
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, message)
    .default(fallback);
};
const oneOf = <const Choice extends string>(...choices: Choice[]) =>
  z.enum(choices, `must be ${new Intl.ListFormat("en", { type: "disjunction" }).format(choices)}`);

const SECRET = "must have 32 characters or more; make one with: openssl rand -base64 33";
const SENDER = /^[^<>@]*<[^<>@\s]+@[^<>@\s]+>$|^[^<>@\s]+@[^<>@\s]+$/;
/** Also when other variables are wrong, so that one look at the message is enough. */
const always = () => true;

/** Secrets that ship with the demo. They are public, so a real installation must not run on them. */
export const DEMO_AUTH_SECRET = "demo-only-secret-demo-only-secret-demo-only";

/** What web and worker read from the environment. `.env.example` explains each for a person. */
const schema = z
  .object({
    PODMETER_MODE: oneOf("production", "demo", "test").default("production"),
    DATABASE_URL: url("postgres:", "postgresql:"),
    REDIS_URL: url("redis:", "rediss:").optional(),
    APP_URL: url("http:", "https:"),
    AUTH_SECRET: z.string(SECRET).min(32, SECRET),
    SMTP_URL: url("smtp:", "smtps:"),
    MAIL_FROM: z
      .string()
      .regex(SENDER, "must be an e-mail address, or a name with one: Billing <billing@example.com>")
      .default("Podmeter <billing@podmeter.localhost>"),
    SUPPORT_EMAIL: z.email("must be an e-mail address").default("support@podmeter.localhost"),
    MAILBOX_URL: url("http:").optional(),
    AUTH_OIDC_ISSUER: url("https:", "http:").optional(),
    AUTH_OIDC_CLIENT_ID: z.string().optional(),
    AUTH_OIDC_CLIENT_SECRET: z.string().optional(),
    AUTH_OIDC_NAME: z.string().default("Single sign-on"),
    PLATFORM: oneOf("local").default("local"),
    PODS_DIR: z.string().default(".podmeter/pods"),
    POLL_INTERVAL_MS: milliseconds(2_000, 100, 60_000),
    TICK_INTERVAL_MS: milliseconds(2_000, 100, 60_000),
    LOG_LEVEL: oneOf("trace", "debug", "info", "warn", "error", "silent").default("info"),
  })
  .refine((env) => env.PODMETER_MODE !== "production" || env.AUTH_SECRET !== DEMO_AUTH_SECRET, {
    when: always,
    path: ["AUTH_SECRET"],
    message: "is the demo's, which everyone knows; make one with: openssl rand -base64 33",
  })
  .refine(
    (env) => {
      const set = [env.AUTH_OIDC_ISSUER, env.AUTH_OIDC_CLIENT_ID, env.AUTH_OIDC_CLIENT_SECRET].map(Boolean);
      return new Set(set).size === 1;
    },
    {
      when: always,
      path: ["AUTH_OIDC_ISSUER"],
      message: "goes together with AUTH_OIDC_CLIENT_ID and AUTH_OIDC_CLIENT_SECRET: set all three or none",
    },
  );

/** The names of all variables, for the test that holds `.env.example` to them. */
export const ENV_NAMES: readonly string[] = Object.keys(schema.shape);

export type Env = z.infer<typeof schema>;

/** Parses an environment. Names each variable that is wrong, what is expected of it, and never its value. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const filled = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = schema.safeParse(filled);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? "environment");
    const missing = filled[name] === undefined && issue.code === "invalid_type";
    return `  ${name}: ${missing ? "is missing; it " : ""}${issue.message}`;
  });
  throw new PodmeterError(
    "configuration",
    `The configuration is not usable:\n${lines.join("\n")}\nSee .env.example for what each variable means.`,
  );
}

let cached: Env | undefined;
/** The environment of this process, parsed once. */
export function env(): Env {
  cached ??= parseEnv(process.env);
  return cached;
}
