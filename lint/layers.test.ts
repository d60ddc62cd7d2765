import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** A rule that does not bite is worse than none, so each is fed one file that breaks it and one that keeps it. */
type Sample = { file: string; code: string };
const imports = (file: string, from: string): Sample => ({
  file,
  code: `import { thing } from "${from}";\n\nthing();\n`,
});

const IMPORT = "lint/style/noRestrictedImports";
const refused: [guarantee: string, rule: string, sample: Sample][] = [
  ["lib/billing imports no package", IMPORT, imports("lib/billing/a.ts", "zod")],
  ["lib/billing imports no module of Node", IMPORT, imports("lib/billing/b.ts", "node:crypto")],
  ["lib/billing imports no other part of lib", IMPORT, imports("lib/billing/c.ts", "@/lib/errors")],
  ["lib/billing does not climb out by a relative path", IMPORT, imports("lib/billing/d.ts", "../errors")],
  ["lib/billing does not import vitest outside its tests", IMPORT, imports("lib/billing/e.ts", "vitest")],
  ["tests of lib/billing import no database", IMPORT, imports("lib/billing/a.test.ts", "@/lib/db/client")],
  [
    "lib/billing does not load a package at run time",
    IMPORT,
    { file: "lib/billing/f.ts", code: 'export const load = () => import("zod");\n' },
  ],
  [
    "lib/billing does not re-export a package",
    IMPORT,
    { file: "lib/billing/g.ts", code: 'export { z } from "zod";\n' },
  ],
  ...[
    "drizzle-orm",
    "drizzle-orm/pg-core",
    "@/drizzle/schema/accounts",
    "bullmq",
    "nodemailer",
    "postgres",
    "pg",
    "ioredis",
  ].map((from, index): [string, string, Sample] => [
    `app does not import ${from}`,
    IMPORT,
    imports(`app/data-${index}/page.tsx`, from),
  ]),
  ["app does not import lib/db", IMPORT, imports("app/a.ts", "@/lib/db/client")],
  ["app does not import lib/db by a relative path", IMPORT, imports("app/api/v1/b.ts", "../../../lib/db/client")],
  ["app does not import a platform driver", IMPORT, imports("app/c.ts", "@/lib/platform/local/driver")],
  ["app does not import a template", IMPORT, imports("app/d.ts", "@/emails/stopped")],
  ["app does not import the worker", IMPORT, imports("app/e.ts", "@/worker/handlers")],
  ...["next", "next/headers", "next-auth", "react", "react-dom/server", "@/app/page"].map(
    (from, index): [string, string, Sample] => [
      `worker does not import ${from}`,
      IMPORT,
      imports(`worker/a${index}.ts`, from),
    ],
  ),
  ["lib does not import app", IMPORT, imports("lib/usage/a.ts", "@/app/_ui/card")],
  ["lib does not import the worker", IMPORT, imports("lib/usage/b.ts", "../../worker/handlers")],
  ["lib outside lib/mail does not import a template", IMPORT, imports("lib/alerts/a.ts", "@/emails/stopped")],
  ["lib does not import Next, as the worker runs it", IMPORT, imports("lib/usage/d.ts", "next/headers")],
  ["lib/auth does not import a template", IMPORT, imports("lib/auth/a.ts", "@/emails/stopped")],
  ["lib/mail does not import app", IMPORT, imports("lib/mail/a.ts", "@/app/page")],
  ["a template does not import a verb", IMPORT, imports("emails/a.tsx", "@/lib/credits/add-credits")],
  ["a template does not import the database", IMPORT, imports("emails/b.tsx", "@/lib/db/client")],
  ["the schema does not import a verb", IMPORT, imports("drizzle/schema/a.ts", "@/lib/credits/add-credits")],
  ...["@/lib/db/client", "@/app/page", "@/worker/handlers", "../lib/errors"].map(
    (from, index): [string, string, Sample] => [
      `a browser journey does not import ${from}`,
      IMPORT,
      imports(`e2e/a${index}.spec.ts`, from),
    ],
  ),
  [
    "lib/billing does not read the clock",
    "plugin",
    { file: "lib/billing/h.ts", code: "export const now = () => Date.now();\n" },
  ],
  [
    "lib/billing does not make the current date",
    "plugin",
    { file: "lib/billing/i.ts", code: "export const now = () => new Date();\n" },
  ],
  [
    "lib/billing does not roll dice",
    "plugin",
    { file: "lib/billing/j.ts", code: "export const roll = () => Math.random();\n" },
  ],
  [
    "lib/billing does not hand the clock on",
    "plugin",
    { file: "lib/billing/k.ts", code: "export const clock = Date.now;\n" },
  ],
  [
    "lib/billing does not read the environment",
    "lint/style/noRestrictedGlobals",
    { file: "lib/billing/l.ts", code: "export const zone = process.env.TZ;\n" },
  ],
  [
    "lib opens no transaction through postgres.js",
    "plugin",
    {
      file: "lib/credits/a.ts",
      code: 'import { sql } from "@/lib/db/client";\n\nawait sql.begin(async (tx) => tx`SELECT 1`);\n',
    },
  ],
  [
    "the worker opens no transaction through Drizzle",
    "plugin",
    {
      file: "worker/b.ts",
      code: 'import { db } from "@/lib/db/client";\n\nawait db.transaction(async (tx) => tx.select());\n',
    },
  ],
  [
    "a promise is not forgotten",
    "lint/nursery/noFloatingPromises",
    {
      file: "worker/c.ts",
      code: "async function send(): Promise<void> {}\n\nexport function run(): void {\n  send();\n}\n",
    },
  ],
  [
    "modules do not import each other in a circle",
    "lint/suspicious/noImportCycles",
    { file: "lib/usage/left.ts", code: 'import { right } from "./right";\n\nexport const left = () => right;\n' },
  ],
  [
    "any is not a type",
    "lint/suspicious/noExplicitAny",
    { file: "lib/usage/c.ts", code: "export const value: any = 1;\n" },
  ],
];

const allowed: [guarantee: string, sample: Sample][] = [
  ["lib/billing imports its own files", imports("lib/billing/ok-a.ts", "./amount")],
  [
    "lib/billing reads a time that it was given",
    { file: "lib/billing/ok-b.ts", code: "export const at = (ms: number) => new Date(ms);\n" },
  ],
  ["tests of lib/billing import vitest", imports("lib/billing/ok-a.test.ts", "vitest")],
  ["tests of lib/billing import fast-check", imports("lib/billing/ok-b.test.ts", "fast-check")],
  ["app imports a verb", imports("app/ok-a.ts", "@/lib/credits/add-credits")],
  ["app imports the platform interface", imports("app/ok-b.ts", "@/lib/platform/platform")],
  ["app imports next", imports("app/ok-c.ts", "next/navigation")],
  ["worker imports a verb", imports("worker/ok-a.ts", "@/lib/enforcement/stop-pods")],
  ["lib imports the database", imports("lib/credits/ok-a.ts", "@/lib/db/client")],
  ["lib/auth imports next-auth", imports("lib/auth/ok-a.ts", "next-auth")],
  ["lib/mail imports a template", imports("lib/mail/ok-a.ts", "@/emails/stopped")],
  ["a template imports lib/format", imports("emails/ok-a.tsx", "@/lib/format")],
  ["a template imports lib/billing", imports("emails/ok-b.tsx", "@/lib/billing/amount")],
  ["a template imports another template", imports("emails/ok-c.tsx", "./layout")],
  ["the schema imports lib/billing", imports("drizzle/schema/ok-a.ts", "@/lib/billing/kinds")],
  ["the browser's setup starts the stack", imports("e2e/global-setup.ts", "@/launch/supervisor")],
  ["a journey imports its neighbour", imports("e2e/ok-a.spec.ts", "./mailbox")],
  [
    "the migration is a transaction",
    {
      file: "lib/db/migrate.ts",
      code: 'import { sql } from "./client";\n\nawait sql.begin(async (tx) => tx`SELECT 1`);\n',
    },
  ],
];
const bystanders: Sample[] = [
  { file: "lib/usage/right.ts", code: 'import { left } from "./left";\n\nexport const right = () => left;\n' },
];

const root = join(import.meta.dirname, "..");
let folder: string;
let found: Map<string, string[]>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "podmeter-layers-"));
  await cp(join(root, "biome.json"), join(folder, "biome.json"));
  await cp(join(root, "lint"), join(folder, "lint"), { recursive: true });
  await writeFile(join(folder, ".gitignore"), "node_modules/\n");
  for (const { file, code } of [
    ...refused.map(([, , sample]) => sample),
    ...allowed.map(([, sample]) => sample),
    ...bystanders,
  ]) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), code);
  }
  found = await lint();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The rules that each file breaks. */
async function lint(): Promise<Map<string, string[]>> {
  const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
  const output = await new Promise<string>((resolve, reject) => {
    const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
    execFile(
      process.execPath,
      [biome, "lint", "--reporter=json", "--max-diagnostics=none"],
      options,
      (_, out, errors) => {
        if (out.startsWith("{")) resolve(out);
        else reject(new Error(`biome gave no report: ${errors}`));
      },
    );
  });
  const report = JSON.parse(output) as {
    diagnostics: { category: string; location: { path: string | { file: string } } }[];
  };
  const rules = new Map<string, string[]>();
  for (const { category, location } of report.diagnostics) {
    const file = typeof location.path === "string" ? location.path : location.path.file;
    rules.set(file, [...(rules.get(file) ?? []), category]);
  }
  return rules;
}

describe("what the layer rules refuse", () => {
  it.each(refused)("%s", (_, rule, { file }) => {
    expect(found.get(file)).toEqual([rule]);
  });
});

describe("what the layer rules leave alone", () => {
  it.each(allowed)("%s", (_, { file }) => {
    expect(found.get(file) ?? []).toEqual([]);
  });
});
