import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { claim, openDataFolder, removeDataFolder } from "@/launch/data-folder";
import { identityLine } from "@/launch/process-identity";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), "podmeter-data-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function otherProcess() {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  await once(child, "spawn");
  return child;
}

describe("the data folder", () => {
  it("is one demo's at a time; a second one says where the first is, and a dead one's claim counts for nothing", async () => {
    const folder = openDataFolder(dir);
    const other = await otherProcess();
    try {
      writeFileSync(
        path.join(dir, "running", String(other.pid)),
        `${identityLine(Number(other.pid))}http://localhost:3000\n`,
      );
      expect(() => claim(folder)).toThrow(
        new RegExp(`runs already on .*, at http://localhost:3000 \\(process ${other.pid}\\)`),
      );
      expect(readdirSync(path.join(dir, "running"))).toEqual([String(other.pid)]);
    } finally {
      other.kill("SIGKILL");
      await once(other, "exit");
    }
    const claimed = claim(folder);
    expect(readdirSync(path.join(dir, "running"))).toEqual([String(process.pid)]);
    claimed.release();
    expect(readdirSync(path.join(dir, "running"))).toEqual([]);
  });

  it("is free when the pid of its claim was given to another program meanwhile", () => {
    const folder = openDataFolder(dir);
    writeFileSync(path.join(dir, "running", String(process.ppid)), `${process.ppid} 12345\nhttp://localhost:3000\n`);
    claim(folder).release();
  });

  it("a folder with other things in it is neither used nor removed", async () => {
    const file = path.join(dir, "thesis.txt");
    writeFileSync(file, "years of work");
    expect(() => openDataFolder(dir)).toThrow(/holds things that Podmeter did not put there/);
    await expect(removeDataFolder(dir, () => {})).rejects.toThrow(/holds things that Podmeter did not put there/);
    expect(readFileSync(file, "utf8")).toBe("years of work");
  });

  it("a reset stops the demo that runs on it and removes all of it", async () => {
    openDataFolder(dir);
    const other = await otherProcess();
    writeFileSync(path.join(dir, "running", String(other.pid)), identityLine(Number(other.pid)));
    const ended = once(other, "exit");
    await removeDataFolder(dir, () => {});
    expect(await ended).toEqual([null, "SIGTERM"]);
    expect(existsSync(dir)).toBe(false);
  });
});
