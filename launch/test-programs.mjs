import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { run } from "./run.mjs";

const CHROMIUM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const CHROMIUM_PATHS = {
  darwin: [
    ...["", homedir()].flatMap((base) => [
      `${base}/Applications/Google Chrome.app/Contents/MacOS/Google Chrome`,
      `${base}/Applications/Chromium.app/Contents/MacOS/Chromium`,
    ]),
  ],
  linux: ["/usr/bin/chromium", "/usr/bin/google-chrome", "/opt/google/chrome/chrome", "/snap/bin/chromium"],
  win32: [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA]
    .filter(Boolean)
    .map((base) => join(base, "Google", "Chrome", "Application", "chrome.exe")),
};
const CHROMIUM_ADVICE =
  "No Chromium or Chrome was found, and none could be had. Install one (Debian: apt-get install chromium), or name its program in PODMETER_CHROMIUM.";

/**
 * A Chromium or Chrome that starts: one that is installed, else Playwright's download, else Debian's package.
 *
 * @param {{ log: (line: string) => void }} options
 * @returns {Promise<string>}
 */
export async function findChromium({ log }) {
  const given = process.env.PODMETER_CHROMIUM;
  if (given) {
    if (await starts(given)) return given;
    throw new Error(`PODMETER_CHROMIUM is ${given}, which does not start as a program. Name another, or unset it.`);
  }
  const installed = () => firstThatStarts([...onPath(CHROMIUM_NAMES), ...(CHROMIUM_PATHS[process.platform] ?? [])]);
  const found = (await installed()) ?? (await playwrightsOwn());
  if (found) return found;
  log("No Chromium or Chrome is installed: asking Playwright for one …");
  await run(process.execPath, [playwrightCli(), "install", "chromium"]);
  const downloaded = await playwrightsOwn();
  if (downloaded) return downloaded;
  if (await installDebianPackage("chromium", { log })) {
    const packaged = await installed();
    if (packaged) return packaged;
  }
  throw new Error(CHROMIUM_ADVICE);
}

/**
 * @param {{ log: (line: string) => void }} options
 * @returns {Promise<string | undefined>} undefined where none can be had
 */
export async function findRedisServer({ log }) {
  const installed = () =>
    firstThatStarts([...onPath(["redis-server"]), "/opt/homebrew/bin/redis-server", "/usr/local/bin/redis-server"]);
  const found = await installed();
  if (found) return found;
  return (await installDebianPackage("redis-server", { log })) ? installed() : undefined;
}

export function playwrightCli() {
  return createRequire(import.meta.url).resolve("@playwright/test/cli");
}

async function playwrightsOwn() {
  const { chromium } = await import("@playwright/test");
  return firstThatStarts([chromium.executablePath()]);
}

/** Only as root on a Debian or its kin; elsewhere it is the person's business what gets installed. */
async function installDebianPackage(name, { log }) {
  const possible = process.getuid?.() === 0 && (await firstThatStarts(onPath(["apt-get"])));
  if (!possible) return false;
  log(`Installing Debian's package ${name} …`);
  // RUNLEVEL=1: we want the program, not a service that starts with it.
  const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  await run("apt-get", ["update", "-qq"], { env });
  return (await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", name], { env })) === 0;
}

function onPath(names) {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

async function firstThatStarts(candidates) {
  for (const candidate of candidates) if (await starts(candidate)) return candidate;
  return undefined;
}

/** A name on the PATH is not enough: Ubuntu's chromium is a stub without snap, and a download may lack libraries. */
async function starts(program) {
  try {
    await access(program, constants.X_OK);
    // On Windows, Chrome opens a window when it is asked for its version.
    if (process.platform !== "win32") await promisify(execFile)(program, ["--version"], { timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}
