import { createServer } from "node:net";
import { PodmeterError } from "@/lib/errors";

const HIGHEST_PORT = 65_535;
const MOST_TRIES = 200;

/** The wanted port, or the next one above it that is free; any free one where none is wanted. */
export async function findPort(wanted: number | undefined, claimed: ReadonlySet<number>): Promise<number> {
  if (wanted === undefined) return anyFreePort();
  for (let port = wanted; port < wanted + MOST_TRIES && port <= HIGHEST_PORT; port += 1) {
    if (!claimed.has(port) && (await isFree(port))) return port;
  }
  throw new PodmeterError("conflict", `No port from ${wanted} on is free. Choose another with --port.`);
}

/** Free on each address that "localhost" may be, and on the wildcard that another program may listen on. */
async function isFree(port: number): Promise<boolean> {
  for (const host of ["127.0.0.1", "::1", "0.0.0.0"]) {
    const problem = await tryListening(port, host);
    if (problem === "EADDRINUSE" || problem === "EACCES") return false;
  }
  return true;
}

function tryListening(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}

export function anyFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no free port")),
      );
    });
  });
}
