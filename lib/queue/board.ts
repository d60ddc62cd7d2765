import { readFile } from "node:fs/promises";
import path from "node:path";
import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { HonoAdapter } from "@bull-board/hono";
import { Hono } from "hono";
import { type ServeStaticOptions, serveStatic } from "hono/serve-static";
import { log } from "@/lib/log";
import { openQueues, type Queues } from "@/lib/queue/queues";
import { runtime } from "@/lib/runtime";

/** Where the dashboard is mounted; its own pages, files and requests all lie below. */
const BASE_PATH = "/ops/queues";
const GOOGLE_FONTS = /<link[^>]*fonts\.googleapis\.com[^>]*>/g;

let queues: Queues | undefined;
let board: Promise<Hono> | undefined;

/** Answers one request to the queue dashboard (O1). Whoever calls this has made sure that an operator asks. */
export async function handleBoardRequest(request: Request): Promise<Response> {
  board ??= openBoard();
  try {
    return await withoutForeignFonts(await (await board).fetch(request));
  } catch (error) {
    board = undefined;
    log.warn({ err: error }, "the queue dashboard could not be shown");
    return new Response("The queue does not answer at the moment. Metering goes on; load this page again in a while.", {
      status: 503,
    });
  }
}

async function openBoard(): Promise<Hono> {
  queues ??= openQueues(runtime().env);
  const adapters = (await queues.boardQueues()).map((queue) => new BullMQAdapter(queue));
  // Not resolved as a module: the bundler would follow it.
  const uiBasePath = path.join(process.cwd(), "node_modules/@bull-board/ui");
  const serverAdapter = new HonoAdapter(serveFile);
  serverAdapter.setBasePath(BASE_PATH);
  createBullBoard({
    queues: adapters,
    serverAdapter,
    options: { uiBasePath, uiConfig: { boardTitle: "Podmeter queues", hideDocsLink: true } },
  });
  return new Hono().route(BASE_PATH, serverAdapter.registerPlugin());
}

const serveFile = (options: ServeStaticOptions) =>
  serveStatic({
    ...options,
    getContent: (file) =>
      readFile(file).then(
        (bytes) => new Uint8Array(bytes),
        () => null,
      ),
  });

/** Its page asks Google for its fonts, which tells Google who looks at it. The system's fonts will do. */
async function withoutForeignFonts(response: Response): Promise<Response> {
  if (!response.headers.get("content-type")?.startsWith("text/html")) return response;
  return new Response((await response.text()).replace(GOOGLE_FONTS, ""), response);
}
