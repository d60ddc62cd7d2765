import { renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const MAX_BODY_BYTES = 1_000_000;
const startedAt = new Date();

/** Thrown by a program for input that it cannot use; the words go to the caller. */
export class BadInput extends Error {}

/**
 * Serves one program on loopback: GET / tells about it, POST / does its work. `work` gets the body's bytes and returns
 * what is sent as JSON, or `{ type, text }` for anything else. `onTerminate` replaces the graceful end.
 */
export async function serve({ usage, work, onTerminate }) {
  let requests = 0;
  const server = createServer(async (request, response) => {
    requests += 1;
    try {
      if (new URL(request.url, "http://localhost").pathname !== "/")
        return send(response, 404, { error: "Only / is served." });
      if (request.method === "GET") return send(response, 200, { ...about(), usage, requests });
      if (request.method !== "POST") return send(response, 405, { error: "Use GET or POST." });
      const result = await work(await readBody(request));
      if (typeof result.text === "string" && typeof result.type === "string") {
        return response.writeHead(200, { "content-type": result.type }).end(result.text);
      }
      send(response, 200, result);
    } catch (error) {
      if (error instanceof BadInput) return send(response, 400, { error: error.message });
      console.error(error);
      send(response, 500, { error: "The program failed on this input." });
    }
  });
  process.on("SIGTERM", onTerminate ?? (() => server.close(() => process.exit(0))));
  const port = await listen(server);
  announce(`http://127.0.0.1:${port}`);
}

export function parseJson(body) {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new BadInput("The body is not JSON.");
  }
}

function about() {
  const { PROGRAM_ID: program, POD_UID: podUid, DEPLOYMENT_NAME: deployment } = process.env;
  return { program, deployment, podUid, pid: process.pid, startedAt };
}

/** A predecessor that is just ending may still hold the port: a moment's patience keeps the address the same. */
async function listen(server) {
  const wanted = Number(process.env.PORT);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const port = await tryListen(server, wanted);
    if (port) return port;
    await sleep(100);
  }
  return tryListen(server, 0);
}

function tryListen(server, port) {
  return new Promise((resolve, reject) => {
    const failed = (error) => (error.code === "EADDRINUSE" ? resolve(undefined) : reject(error));
    server.once("error", failed);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", failed);
      resolve(server.address().port);
    });
  });
}

function announce(endpoint) {
  const file = process.env.ENDPOINT_FILE;
  writeFileSync(`${file}.tmp`, endpoint);
  renameSync(`${file}.tmp`, file);
  console.log(`Listening at ${endpoint}`);
}

async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new BadInput(`The body is larger than ${MAX_BODY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response, status, body) {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(`${JSON.stringify(body)}\n`);
}
