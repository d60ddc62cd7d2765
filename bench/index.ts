import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { PodmeterError } from "@/lib/errors";
import { type Results, report } from "./report";
import { raceRequests } from "./requests";
import { startBenchServer } from "./server";
import { raceSettlement } from "./settle";
import { raceTick } from "./tick";

const MARKERS = { begin: "<!-- bench: begin -->", end: "<!-- bench: end -->" };

const { values } = parseArgs({ options: { write: { type: "string" } } });
const target = values.write === undefined ? undefined : openTarget(values.write);
const text = report(await runAll());
process.stdout.write(`\n${text}\n`);
target?.replace(text);

async function runAll(): Promise<Results> {
  const server = await startBenchServer();
  const results: Results = { postgresVersion: server.postgresVersion, ticks: [], settlements: [], requests: new Map() };
  try {
    for (const segments of [1_000, 10_000, 100_000]) {
      progress(`tick over ${segments} live segments`);
      const race = await server.onNewDatabase(`tick_${segments}`, (db) =>
        raceTick(db, segments, { naive: segments === 1_000 }),
      );
      results.ticks.push(race);
    }
    for (const segments of [10_000, 100_000]) {
      progress(`settlement of ${segments} live segments`);
      results.settlements.push(await server.onNewDatabase(`settle_${segments}`, (db) => raceSettlement(db, segments)));
    }
    progress("single requests");
    results.requests = await server.onNewDatabase("requests", raceRequests);
  } finally {
    await server.stop();
  }
  return results;
}

/** Looked at before the bench runs, so that a wrong name costs nothing. */
function openTarget(file: string): { replace(words: string): void } {
  const before = readFileSync(file, "utf8");
  const begin = before.indexOf(MARKERS.begin);
  const end = before.indexOf(MARKERS.end);
  if (begin < 0 || end < begin) {
    throw new PodmeterError(
      "invalid_input",
      `${file} has no lines ${MARKERS.begin} and ${MARKERS.end} between which the tables could be written.`,
    );
  }
  const [head, tail] = [before.slice(0, begin + MARKERS.begin.length), before.slice(end)];
  return { replace: (words) => writeFileSync(file, `${head}\n${words}\n${tail}`) };
}

function progress(what: string): void {
  process.stderr.write(`${what} …\n`);
}
