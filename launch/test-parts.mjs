import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ensureBuild } from "./build.mjs";
import { run } from "./run.mjs";
import { countPlaywright, countVitest, countVitestTestsIn, judge, total } from "./test-counts.mjs";
import { findChromium, findRedisServer, playwrightCli } from "./test-programs.mjs";

const ON_BOTH_QUEUES = ".queue.int.test.ts";
const log = (line) => console.log(line);

/** In the order of a run: what is fast and fails often comes first. */
export const PARTS = { types, lint, unit, integration, browser };

/** Next first: it writes the types of routes, which the compiler then reads. */
async function types() {
  return check([
    [bin("next"), "typegen"],
    [bin("typescript", "tsc"), "--noEmit"],
  ]);
}

/** Format, lint and layer rules, then what nothing uses. */
async function lint() {
  return check([
    [bin("@biomejs/biome"), "check", "--error-on-warnings", "--max-diagnostics=200"],
    [bin("knip"), "--no-progress"],
  ]);
}

async function unit() {
  return judgeVitest(await vitest(["unit"]));
}

async function integration() {
  const redisServer = await findRedisServer({ log });
  if (redisServer) {
    return judgeVitest(await vitest(["integration", "integration-redis"], { PODMETER_REDIS_SERVER: redisServer }));
  }
  const half = await vitest(["integration"]);
  const skipped = Math.max(1, half.report ? countVitestTestsIn(half.report, ON_BOTH_QUEUES) : 0);
  const note = `There is no redis-server on this machine: the ${skipped} tests of the queue on Redis were skipped. Install it (Debian: apt-get install redis-server) to run them.`;
  const counts = judgeVitest(half);
  const notes = [counts.note, note].filter(Boolean).join("\n");
  return { ...total([counts, { passed: 0, failed: 0, skipped }]), note: notes };
}

async function browser() {
  const chromium = await findChromium({ log });
  await ensureBuild({ log });
  const { exit, report } = await withReport((file) =>
    run(process.execPath, [playwrightCli(), "test", "--reporter=list,json"], {
      env: { PODMETER_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
    }),
  );
  return judge(report && countPlaywright(report), exit);
}

/** Runs all programs of a part, also after one has failed; together they count as one test. */
async function check(commands) {
  const failures = [];
  for (const [program, ...options] of commands) {
    const exit = await run(process.execPath, [program, ...options]);
    if (exit !== 0) failures.push(`${[program.split("/").at(-1), ...options].join(" ")} ended with ${exit}`);
  }
  if (failures.length === 0) return { passed: 1, failed: 0, skipped: 0 };
  return { passed: 0, failed: 1, skipped: 0, note: failures.join("\n") };
}

async function vitest(projects, env = {}) {
  return withReport((file) => {
    const chosen = projects.map((name) => `--project=${name}`);
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    return run(process.execPath, [bin("vitest"), "run", ...chosen, ...reporters], { env });
  });
}

function judgeVitest({ exit, report }) {
  return judge(report && countVitest(report), exit);
}

/** A run that writes its report as JSON. There is none when it broke down before. */
async function withReport(runTo) {
  const folder = await mkdtemp(join(tmpdir(), "podmeter-report-"));
  const file = join(folder, "report.json");
  try {
    const exit = await runTo(file);
    const text = await readFile(file, "utf8").catch(() => undefined);
    return { exit, report: text && JSON.parse(text) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The program of an installed package, to be run by this very Node, without a shell between. */
function bin(packageName, name = packageName.split("/").at(-1)) {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve.paths(packageName).map((folder) => join(folder, packageName, "package.json"));
  for (const file of manifest) {
    try {
      const { bin: programs } = require(file);
      return join(dirname(file), typeof programs === "string" ? programs : programs[name]);
    } catch {
      // The next folder up may have it.
    }
  }
  throw new Error(`The package ${packageName} is not installed. "npm ci" installs it.`);
}
