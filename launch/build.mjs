import { createHash } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { run } from "./run.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const built = join(root, ".next");
const marker = join(built, "podmeter-sources");
/** Not below .next, which a build empties. */
const logFile = join(root, "node_modules/.cache/podmeter-build.log");
/** What the pages are made of. */
const FOLDERS = ["app", "lib", "emails", "drizzle", "public"];
const ROOT_FILES = /^(next\.config|postcss\.config|proxy|instrumentation|tsconfig|package-lock)\b/;
const PROGRESS_INTERVAL_MS = 20_000;

/**
 * Builds the web side for production unless the last build was made of the same sources.
 *
 * @param {{ log: (line: string) => void, abort?: AbortSignal }} options
 */
export async function ensureBuild({ log, abort }) {
  const wanted = await hashOfSources();
  const present = await readFile(marker, "utf8").catch(() => "");
  if (present === wanted && existsSync(join(built, "BUILD_ID"))) return;
  log(
    existsSync(built)
      ? "building the pages, since their sources changed …"
      : "building the pages, about a minute on the first start …",
  );
  // A build that is cut off leaves neither the old pages nor the new ones.
  await rm(marker, { force: true });
  await build(log, abort);
  await writeFile(marker, wanted);
}

/** What the build says is long, and of use only when it fails. */
async function build(log, abort) {
  mkdirSync(dirname(logFile), { recursive: true });
  const output = openSync(logFile, "w");
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1_000);
  const progress = setInterval(() => log(`still building (${seconds()} s) …`), PROGRESS_INTERVAL_MS);
  try {
    const next = createRequire(import.meta.url).resolve("next/dist/bin/next");
    const env = { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
    const exit = await run(process.execPath, [next, "build"], { env, output, abort });
    if (exit === 0) return;
    const words = linesFromFirstError(await readFile(logFile, "utf8"));
    throw new Error(
      `The pages could not be built (next build ended with ${exit}):\n${words}\nAll of it is in ${logFile}`,
    );
  } finally {
    clearInterval(progress);
    closeSync(output);
  }
}

/** Warnings that follow an error can be longer than any tail. */
function linesFromFirstError(text) {
  const lines = stripVTControlCharacters(text).trim().split("\n");
  const first = lines.findIndex((line) => /\berror\b|failed|⨯/i.test(line));
  return (first < 0 ? lines.slice(-40) : lines.slice(first, first + 40)).join("\n");
}

async function hashOfSources() {
  const inFolders = await Promise.all(FOLDERS.map(filesBelow));
  const files = [...(await readdir(root)).filter((name) => ROOT_FILES.test(name)), ...inFolders.flat()].sort();
  const hash = createHash("sha256").update(`${process.versions.node} ${process.platform}-${process.arch}\0`);
  for (const file of files) hash.update(`${file}\0`).update(await readFile(join(root, file)));
  return hash.digest("hex");
}

async function filesBelow(folder) {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length));
}
