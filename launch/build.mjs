import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const marker = join(root, ".next", "podmeter-sources");
/** What the pages are made of. */
const FOLDERS = ["app", "lib", "emails", "drizzle", "public"];
const ROOT_FILES = /^(next\.config|postcss\.config|proxy|instrumentation|tsconfig|package-lock)\b/;

/**
 * Builds the web side for production unless the last build was made of the same sources.
 *
 * @param {{ log: (line: string) => void }} options
 */
export async function ensureBuild({ log }) {
  const wanted = await hashOfSources();
  const present = await readFile(marker, "utf8").catch(() => "");
  if (present === wanted) return;
  log("Building the pages (next build) …");
  const next = createRequire(import.meta.url).resolve("next/dist/bin/next");
  const exit = await run(process.execPath, [next, "build"], {
    env: { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
  });
  if (exit !== 0) throw new Error(`next build ended with ${exit}. Its messages above say why.`);
  await writeFile(marker, wanted);
}

async function hashOfSources() {
  const inFolders = await Promise.all(FOLDERS.map(filesBelow));
  const files = [...(await readdir(root)).filter((name) => ROOT_FILES.test(name)), ...inFolders.flat()].sort();
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\0`).update(await readFile(join(root, file)));
  return hash.digest("hex");
}

async function filesBelow(folder) {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length));
}
