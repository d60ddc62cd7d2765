import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Runs a program in the project's folder, with our output as its own unless it has a file for that.
 *
 * @param {string} program
 * @param {string[]} options
 * @param {{ env?: Record<string, string | undefined>, output?: number, abort?: AbortSignal }} [settings] env is added to ours;
 *   output is an open file; the program is ended on abort
 * @returns {Promise<number | string>} its exit code, the signal that ended it, or why it could not be run
 */
export function run(program, options, { env = {}, output, abort } = {}) {
  const child = spawn(program, options, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", output ?? "inherit", output ?? "inherit"],
    signal: abort,
  });
  // A signal to us alone would leave the child behind; Ctrl-C in a terminal reaches it by itself.
  const pass = () => child.kill("SIGTERM");
  process.once("SIGTERM", pass);
  return new Promise((resolve) => {
    const settle = (outcome) => {
      process.off("SIGTERM", pass);
      resolve(outcome);
    };
    child.once("error", (error) => settle(error.message));
    child.once("exit", (code, signal) => settle(code ?? signal));
  });
}
