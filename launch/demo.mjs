import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDependencies, refuseOldNode } from "./dependencies.mjs";
import { watchLifeline } from "./lifeline.mjs";

// Plain Node without packages: what comes here runs before there are any, and on a Node that may be too old.
const root = fileURLToPath(new URL("..", import.meta.url));
const USAGE = `npm run demo -- [options]
  --port N      the address is http://localhost:N (3000; where it is taken, the next free one)
  --data DIR    where the demo keeps its data (.podmeter)
  --reset       forget all of its data and start anew`;

const log = (line) => console.log(`· ${line}`);
const stopping = new AbortController();
watchLifeline((reason) => {
  if (stopping.signal.aborted) return;
  log(`stopping (${reason}) …`);
  stopping.abort(reason);
});

try {
  refuseOldNode();
  const options = await readOptions(process.argv.slice(2));
  await ensureDependencies({ log, abort: stopping.signal });
  const { ensureBuild } = await import("./build.mjs");
  await ensureBuild({ log, abort: stopping.signal });
  process.chdir(root);
  const { register } = await import("tsx/esm/api");
  register({ tsconfig: path.join(root, "tsconfig.json") });
  const { runDemo } = await import("./run-demo.ts");
  process.exitCode = await runDemo({ ...options, log, abort: stopping.signal });
} catch (error) {
  if (stopping.signal.aborted) log("stopped");
  else {
    console.error(`\n${inWords(error)}`);
    process.exitCode = 1;
  }
}
process.exit();

/** What went wrong, and below it what that came from: of a failed query the cause says more than the query. */
function inWords(error) {
  if (!(error instanceof Error)) return String(error);
  const words = error.name === "PodmeterError" ? error.message : error.message.slice(0, 1_000);
  const cause = error.cause instanceof Error && !words.includes(error.cause.message) ? error.cause : undefined;
  return cause ? `${words}\nThe cause: ${inWords(cause)}` : words;
}

async function readOptions(words) {
  const { parseArgs } = await import("node:util");
  const options = {
    port: { type: "string" },
    data: { type: "string" },
    reset: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  };
  let values;
  try {
    ({ values } = parseArgs({ args: words, options }));
  } catch (error) {
    throw new Error(`${error.message}\n${USAGE}`);
  }
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const port = values.port === undefined ? 3000 : Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`--port wants a number from 1 to 65535, not "${values.port}".`);
  const here = process.env.INIT_CWD ?? process.cwd();
  return {
    port,
    dataDir: values.data === undefined ? path.join(root, ".podmeter") : path.resolve(here, values.data),
    reset: values.reset === true,
  };
}
