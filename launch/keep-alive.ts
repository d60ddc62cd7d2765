import { setTimeout as sleep } from "node:timers/promises";

/** Something that runs and can end by itself. */
export type Running = {
  pid: number;
  /** Resolves when it has ended, with the reason in words. */
  ended: Promise<string>;
  end(): Promise<void>;
};

export type KeptAlive<R extends Running> = {
  current(): R;
  isUp(): boolean;
  /** The next end is wanted: it is started again, and it does not count as a failure. */
  expectEnd(): void;
  stop(): Promise<void>;
};

const QUICK_DEATH_MS = 10_000;
const MOST_QUICK_DEATHS = 5;
const FIRST_DELAY_MS = 300;

/** How long to wait before the next start; undefined when there shall be none. */
export function judgeEnd(
  quickDeathsBefore: number,
  end: { livedMs: number; expected: boolean },
): { quickDeaths: number; delayMs: number | undefined } {
  if (end.expected) return { quickDeaths: 0, delayMs: FIRST_DELAY_MS };
  const quickDeaths = end.livedMs < QUICK_DEATH_MS ? quickDeathsBefore + 1 : 1;
  return { quickDeaths, delayMs: quickDeaths < MOST_QUICK_DEATHS ? FIRST_DELAY_MS * 2 ** quickDeaths : undefined };
}

/** Starts it, and starts it again whenever it ends; gives up when it ends again and again right after its start. */
export async function keepAlive<R extends Running>(options: {
  name: string;
  start: () => Promise<R>;
  log: (line: string) => void;
  onGiveUp: (reason: string) => void;
}): Promise<KeptAlive<R>> {
  const { name, start, log, onGiveUp } = options;
  const stopping = new AbortController();
  let current = await start();
  let up = true;
  let endIsExpected = false;

  const watch = async () => {
    let quickDeaths = 0;
    let startedAtMs = Date.now();
    for (;;) {
      const reason = await current.ended;
      up = false;
      if (stopping.signal.aborted) return;
      const verdict = judgeEnd(quickDeaths, { livedMs: Date.now() - startedAtMs, expected: endIsExpected });
      quickDeaths = verdict.quickDeaths;
      endIsExpected = false;
      if (verdict.delayMs === undefined) {
        onGiveUp(`${name} ended ${quickDeaths} times right after its start (${reason})`);
        return;
      }
      log(`${name} has ended (${reason}); starting it again`);
      await sleep(verdict.delayMs, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      startedAtMs = Date.now();
      current = await start().then(
        (started) => {
          up = true;
          return started;
        },
        (error: unknown) => ({
          ...current,
          ended: Promise.resolve(error instanceof Error ? error.message : String(error)),
        }),
      );
      if (stopping.signal.aborted) await current.end();
    }
  };
  const watching = watch();

  return {
    current: () => current,
    isUp: () => up,
    expectEnd: () => {
      endIsExpected = true;
    },
    async stop() {
      stopping.abort();
      if (up) await current.end();
      await watching;
    },
  };
}
