import path from "node:path";
import { seedDemo } from "@/drizzle/seed/demo";
import { removeDataFolder } from "@/launch/data-folder";
import { type Stack, startStack } from "@/launch/supervisor";

export type DemoOptions = {
  port: number;
  dataDir: string;
  reset: boolean;
  log: (line: string) => void;
  /** Aborted when the demo shall stop. */
  abort: AbortSignal;
};

type Seeded = Awaited<ReturnType<typeof seedDemo>>;
type Login = Seeded["logins"][number];

/** Runs the demo until it is told to stop or cannot go on. Resolves with the exit code once nothing of it is left. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const { dataDir, port, log, abort } = options;
  if (options.reset) await removeDataFolder(dataDir, log);
  const stack = await startStack({
    dataDir,
    port,
    mode: "demo",
    seed: (databaseUrl) => seedDemo(databaseUrl, new Date()),
    log,
    abort,
  });
  console.log(welcome(stack));
  const aborted = new Promise<undefined>((resolve) => {
    if (abort.aborted) resolve(undefined);
    abort.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  const failure = await Promise.race([stack.broken, aborted]);
  if (failure !== undefined) console.error(`\n${failure}\n`);
  await stack.stop();
  log(failure === undefined ? "stopped; the data is kept" : "stopped, since a part of it does not run");
  return failure === undefined ? 0 : 1;
}

function welcome(stack: Stack<Seeded>): string {
  const { logins } = stack.seeded;
  const width = (key: keyof Login) => Math.max(...logins.map((login) => login[key].length));
  const lines = logins.map(
    (login) =>
      `  ${login.email.padEnd(width("email"))}   ${login.password.padEnd(width("password"))}   ${login.role.padEnd(width("role"))}   ${login.account}`,
  );
  const elsewhere = stack.clusterDir.startsWith(stack.folder.root)
    ? ""
    : `, the database in ${path.dirname(stack.clusterDir)}`;
  return `
Podmeter runs at ${stack.appUrl}

${lines.join("\n")}

  Mailbox   ${stack.mailboxUrl}
  Data      ${stack.folder.root}${elsewhere}
  Logs      ${stack.folder.logs}
  Stop      Ctrl-C (all of it, pods included; the data is kept)
  Anew      npm run demo -- --reset
`;
}
