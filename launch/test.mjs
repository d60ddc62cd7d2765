import { ensureDependencies } from "./dependencies.mjs";
import { closingLine, total } from "./test-counts.mjs";
import { PARTS } from "./test-parts.mjs";

/** Entry of `npm test`: all parts in order, or those that are named (`npm test -- lint unit`). */
const HELP = `Usage: npm test [-- PART …]\nParts: ${Object.keys(PARTS).join(", ")}. Without one, all of them run.`;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  console.error(`There is no part "${unknown.join('", "')}".\n${HELP}`);
  process.exit(2);
}
let interrupted;
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => (interrupted = signal));

process.exitCode = await main(Object.keys(PARTS).filter((name) => asked.length === 0 || asked.includes(name)));

async function main(names) {
  try {
    await ensureDependencies({ log: console.log });
  } catch (error) {
    console.error(error.message);
    console.log(closingLine({ passed: 0, failed: 1, skipped: 0 }));
    return 1;
  }
  const results = [];
  for (const name of names) {
    results.push(await runPart(name));
    if (interrupted) return stopped();
  }
  return summarise(results);
}

async function runPart(name) {
  console.log(`\n── ${name} ${"─".repeat(70 - name.length)}`);
  const start = performance.now();
  const counts = await PARTS[name]().catch((error) => ({ passed: 0, failed: 1, skipped: 0, note: error.message }));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (counts.note) console.log(counts.note);
  console.log(`── ${name}: ${closingLine(counts)} in ${seconds} s`);
  return { name, ...counts };
}

function summarise(results) {
  const all = total(results);
  console.log("");
  for (const { name, note, ...counts } of results) {
    console.log(`${counts.failed > 0 ? "✗" : "✓"} ${name.padEnd(12)} ${closingLine(counts)}`);
    if (note) console.log(note.replace(/^/gm, "    "));
  }
  const skipFails = Boolean(process.env.CI) && all.skipped > 0;
  if (skipFails) console.log("A skipped test fails the run here, because CI is set.");
  console.log("");
  console.log(closingLine(all));
  return all.failed > 0 || skipFails ? 1 : 0;
}

function stopped() {
  console.log(`\nStopped by ${interrupted}; the parts after this one did not run.`);
  return interrupted === "SIGINT" ? 130 : 143;
}
