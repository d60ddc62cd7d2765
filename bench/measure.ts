import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "@/lib/db/client";
import { firstRow } from "@/lib/db/rows";

export type Contestant = {
  name: string;
  /** Not timed: puts things back as they were. */
  prepare?: () => Promise<unknown>;
  run: () => Promise<unknown>;
  /** Not timed: looks at what it left. */
  follow?: () => Promise<unknown>;
};

export type Sample = { ms: number; walBytes: number };

/** The samples of each contestant, by name; those of one index were taken one right after the other. */
export type Samples = ReadonlyMap<string, readonly Sample[]>;

/**
 * Lets the contestants run in turns, so that whatever else the machine does falls on all of them alike; every other
 * turn in reverse, so that none always profits from its predecessor. Two turns to warm up are not counted.
 */
export async function race(
  db: Database,
  contestants: readonly Contestant[],
  repetitions: number,
  beforeTurn: (turn: number) => Promise<unknown> = async () => {},
): Promise<Samples> {
  const samples = new Map<string, Sample[]>(contestants.map(({ name }) => [name, []]));
  for (let turn = -2; turn < repetitions; turn += 1) {
    await beforeTurn(turn);
    for (const contestant of turn % 2 === 0 ? contestants : [...contestants].reverse()) {
      const sample = await measure(db, contestant);
      if (turn >= 0) samples.get(contestant.name)?.push(sample);
    }
  }
  return samples;
}

export async function measure(db: Database, contestant: Contestant): Promise<Sample> {
  await contestant.prepare?.();
  const walBefore = await walPosition(db);
  const startedAt = performance.now();
  await contestant.run();
  const ms = performance.now() - startedAt;
  const walBytes = (await walPosition(db)) - walBefore;
  await contestant.follow?.();
  return { ms, walBytes };
}

async function walPosition(db: Database): Promise<number> {
  const position = await firstRow(
    db,
    z.object({ bytes: z.coerce.number() }),
    sql`select pg_current_wal_insert_lsn() - '0/0'::pg_lsn as bytes`,
  );
  return position?.bytes ?? 0;
}

export function samplesOf(samples: Samples, name: string): readonly Sample[] {
  const found = samples.get(name);
  if (!found) throw new Error(`Nothing was measured under the name "${name}".`);
  return found;
}

export const msOf = (samples: readonly Sample[]) => samples.map((sample) => sample.ms);
export const walOf = (samples: readonly Sample[]) =>
  quantile(
    samples.map((sample) => sample.walBytes),
    0.5,
  );

/** How many times slower than `base`: of each turn by itself, since a noisy moment falls on both. */
export function ratios(samples: readonly Sample[], base: readonly Sample[]): number[] {
  return samples.map((sample, turn) => sample.ms / (base[turn]?.ms ?? Number.NaN));
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

export const median = (values: readonly number[]) => quantile(values, 0.5);
