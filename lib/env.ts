import { z } from "zod";
import { PodmeterError } from "@/lib/errors";

const url = (...protocols: string[]) =>
  z
    .string()
    .refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
      message: `must be an address that starts with ${protocols.map((p) => `${p}//`).join(" or ")}`,
    });
const milliseconds = (fallback: number, min: number, max: number) =>
  z.coerce.number({ message: "must be a whole number of milliseconds" }).int().min(min).max(max).default(fallback);

/** Secrets that ship with the demo. They are public, so a real installation must not run on them. */
export const DEMO_AUTH_SECRET = "demo-only-secret-demo-only-secret-demo-only";

/** What web and worker read from the environment. `.env.example` explains each for a person. */
const schema = z
  .object({
    PODMETER_MODE: z
      .enum(["production", "demo", "test"], { message: "must be production, demo or test" })
      .default("production"),
    DATABASE_URL: url("postgres:", "postgresql:"),
    REDIS_URL: url("redis:", "rediss:").optional(),
    APP_URL: url("http:", "https:"),
    AUTH_SECRET: z
      .string()
      .min(32, { message: "must have 32 characters or more; make one with: openssl rand -base64 33" }),
    SMTP_URL: url("smtp:", "smtps:"),
    MAIL_FROM: z.string().min(3).default("Podmeter <billing@podmeter.localhost>"),
    SUPPORT_EMAIL: z.email({ message: "must be an e-mail address" }).default("support@podmeter.localhost"),
    MAILBOX_URL: url("http:").optional(),
    AUTH_OIDC_ISSUER: url("https:", "http:").optional(),
    AUTH_OIDC_CLIENT_ID: z.string().optional(),
    AUTH_OIDC_CLIENT_SECRET: z.string().optional(),
    AUTH_OIDC_NAME: z.string().default("Single sign-on"),
    PLATFORM: z.enum(["local"], { message: "must be local" }).default("local"),
    PODS_DIR: z.string().default(".podmeter/pods"),
    POLL_INTERVAL_MS: milliseconds(2_000, 100, 60_000),
    TICK_INTERVAL_MS: milliseconds(2_000, 100, 60_000),
    LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
  })
  .superRefine((env, check) => {
    if (env.PODMETER_MODE === "production" && env.AUTH_SECRET === DEMO_AUTH_SECRET) {
      check.addIssue({
        code: "custom",
        path: ["AUTH_SECRET"],
        message: "is the demo's, which everyone knows; make one with: openssl rand -base64 33",
      });
    }
    const oidc = [env.AUTH_OIDC_ISSUER, env.AUTH_OIDC_CLIENT_ID, env.AUTH_OIDC_CLIENT_SECRET];
    if (oidc.some(Boolean) && !oidc.every(Boolean)) {
      check.addIssue({
        code: "custom",
        path: ["AUTH_OIDC_ISSUER"],
        message: "AUTH_OIDC_ISSUER, AUTH_OIDC_CLIENT_ID and AUTH_OIDC_CLIENT_SECRET go together: set all three or none",
      });
    }
  });

export type Env = z.infer<typeof schema>;

/** Parses an environment. Names each variable that is wrong, what is expected of it, and never its value. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const filled = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = schema.safeParse(filled);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? "environment");
    return filled[name] === undefined && issue.code === "invalid_type"
      ? `  ${name}: is missing`
      : `  ${name}: ${issue.message}`;
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
