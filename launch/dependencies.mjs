import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { run } from "./run.mjs";

const marker = fileURLToPath(new URL("../node_modules/.podmeter-lock", import.meta.url));
const OLDEST_NODE = [20, 12];

/**
 * Installs the packages of package-lock.json unless they are there already. Plain Node without packages, because it
 * runs before there are any. The platform is part of the mark: a folder that is shared with a container has the binaries of
 * one of the two.
 *
 * @param {{ log: (line: string) => void, abort?: AbortSignal }} options
 */
export async function ensureDependencies({ log, abort }) {
  refuseOldNode();
  const lock = await readFile(new URL("../package-lock.json", import.meta.url));
  const wanted = `${createHash("sha256").update(lock).digest("hex")} ${process.platform}-${process.arch}\n`;
  const present = await readFile(marker, "utf8").catch(() => "");
  if (present === wanted) return;
  log(`Installing packages (npm ci); the first time this takes a minute or two …`);
  await npmCi(abort);
  await writeFile(marker, wanted);
}

export function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new Error(
    `Podmeter needs Node ${OLDEST_NODE.join(".")} or newer; this is ${process.versions.node}. Install it from https://nodejs.org and try again.`,
  );
}

/** Development and optional packages are asked for by name: NODE_ENV=production or a person's npmrc may leave them out. */
async function npmCi(abort) {
  const options = ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund"];
  const npm = process.env.npm_execpath;
  const exit = await (npm?.endsWith(".js")
    ? run(process.execPath, [npm, ...options], { abort })
    : run("npm", options, { abort }));
  if (exit === 0) return;
  throw new Error(`npm ci ended with ${exit}. Its messages above say why; "npm ci" by hand shows them again.`);
}
