import { cpus, loadavg, totalmem } from "node:os";
import { median, msOf, quantile, ratios, type Sample, type Samples, samplesOf, walOf } from "./measure";
import { BALANCE, DEPLOY, GATE, PRIMARY_KEY, SMALL_BALANCE } from "./requests";
import { BARE_INSERT, SETTLE, type SettleRace, TICK_AFTER, TICK_BEFORE } from "./settle";
import { BARE_SUM, NAIVE_LOOP, SET_UPDATE, TICK, TIMED_SUM, type TickRace } from "./tick";

export type Results = { postgresVersion: string; ticks: TickRace[]; settlements: SettleRace[]; requests: Samples };

/** Everything that a run found, as Markdown. */
export function report({ postgresVersion, ticks, settlements, requests }: Results): string {
  return [
    `Measured on ${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GB of memory, PostgreSQL ${postgresVersion} with its default settings and fsync on, Node.js ${process.versions.node}; load average of the last five minutes, the bench's own included: ${loadavg()[1]?.toFixed(1)}. Milliseconds are medians, with the middle half of all repetitions in brackets. A ratio is the median of the ratios of the single repetitions.`,
    "**A tick in which nothing happens**",
    table(["live segments", ...tickNames(ticks), "WAL of tick / UPDATE"], ticks.map(tickRow(ticks))),
    table(
      [
        "live segments",
        "tick ÷ sum of rates",
        "tick ÷ sum of rates × time",
        "UPDATE ÷ tick",
        "naive loop ÷ tick",
        "tick, µs per segment",
      ],
      ticks.map(tickRatios),
    ),
    "**An hour's settlement**",
    table(
      ["live segments", "usage rows", "settlement", "plain INSERT", "ratio", "WAL of settlement / INSERT"],
      settlements.map(settleRow),
    ),
    "**The tick right before and right after a settlement, without VACUUM or ANALYZE**",
    table(["live segments", "before", "after", "ratio"], settlements.map(aroundRow)),
    "**One request**",
    table(["what", "ms", "ratio"], [PRIMARY_KEY, SMALL_BALANCE, GATE, BALANCE, DEPLOY].map(requestRow(requests))),
    "**Aims**",
    table(["aim", "measured", "met"], aims({ ticks, settlements })),
  ].join("\n\n");
}

const tickNames = (ticks: TickRace[]) =>
  [TICK, BARE_SUM, TIMED_SUM, SET_UPDATE, NAIVE_LOOP].filter((name) => ticks.some((race) => race.samples.has(name)));

function tickRow(ticks: TickRace[]) {
  return ({ segments, samples }: TickRace): string[] => [
    count(segments),
    ...tickNames(ticks).map((name) => (samples.has(name) ? spread(samplesOf(samples, name)) : "–")),
    `${bytes(walOf(samplesOf(samples, TICK)))} / ${bytes(walOf(samplesOf(samples, SET_UPDATE)))}`,
  ];
}

function tickRatios({ segments, samples }: TickRace): string[] {
  const tick = samplesOf(samples, TICK);
  const against = (name: string) => times(median(ratios(tick, samplesOf(samples, name))));
  return [
    count(segments),
    against(BARE_SUM),
    against(TIMED_SUM),
    times(median(ratios(samplesOf(samples, SET_UPDATE), tick))),
    samples.has(NAIVE_LOOP) ? times(median(ratios(samplesOf(samples, NAIVE_LOOP), tick))) : "–",
    number((median(msOf(tick)) * 1000) / segments),
  ];
}

function settleRow({ segments, usageRows, samples }: SettleRace): string[] {
  const [settle, insert] = [samplesOf(samples, SETTLE), samplesOf(samples, BARE_INSERT)];
  return [
    count(segments),
    count(usageRows),
    spread(settle),
    spread(insert),
    times(median(ratios(settle, insert))),
    `${bytes(walOf(settle))} / ${bytes(walOf(insert))}`,
  ];
}

function aroundRow({ segments, ticks }: SettleRace): string[] {
  const [before, after] = [samplesOf(ticks, TICK_BEFORE), samplesOf(ticks, TICK_AFTER)];
  return [count(segments), spread(before), spread(after), times(median(ratios(after, before)))];
}

const requestRow = (requests: Samples) => (name: string) => [
  name,
  spread(samplesOf(requests, name)),
  times(median(ratios(samplesOf(requests, name), samplesOf(requests, PRIMARY_KEY)))),
];

function aims({ ticks, settlements }: Pick<Results, "ticks" | "settlements">): string[][] {
  const last = ticks[ticks.length - 1];
  const perSegment = ({ segments, samples }: TickRace, name: string) =>
    median(msOf(samplesOf(samples, name))) / segments;
  const naive = ticks.find(({ samples }) => samples.has(NAIVE_LOOP));
  const floors = ticks.map(({ samples }) => median(ratios(samplesOf(samples, TICK), samplesOf(samples, BARE_SUM))));
  const updates = ticks.map(({ samples }) => median(ratios(samplesOf(samples, TICK), samplesOf(samples, SET_UPDATE))));
  const wal = Math.max(...ticks.map(({ samples }) => walOf(samplesOf(samples, TICK))));
  const inserts = settlements.map(({ samples }) =>
    median(ratios(samplesOf(samples, SETTLE), samplesOf(samples, BARE_INSERT))),
  );
  const around = settlements.map(({ ticks: near }) =>
    median(ratios(samplesOf(near, TICK_AFTER), samplesOf(near, TICK_BEFORE))),
  );
  const lead = naive && last ? perSegment(naive, NAIVE_LOOP) / perSegment(last, TICK) : Number.NaN;
  const middle = ticks[ticks.length - 2];
  const growth = middle && last ? perSegment(last, TICK) / perSegment(middle, TICK) : Number.NaN;
  const sizes = ticks.map(({ segments }) => count(segments)).join(" · ");
  return [
    aim(`tick at most 3 × the sum of rates (${sizes})`, floors, (ratio) => ratio <= 3),
    aim(`tick below the set-based UPDATE (${sizes})`, updates, (ratio) => ratio < 1),
    ["no WAL in a tick in which nothing happens", bytes(wal), yes(wal === 0)],
    aim(
      `settlement at most 3 × the plain INSERT (${settlements.map(({ segments }) => count(segments)).join(" · ")})`,
      inserts,
      (ratio) => ratio <= 3,
    ),
    aim(
      `naive loop beaten 500-fold, per segment (loop at ${count(naive?.segments ?? 0)}, tick at ${count(last?.segments ?? 0)})`,
      [lead],
      (ratio) => ratio >= 500,
    ),
    aim("cost linear: per segment at the largest size against the one before", [growth], (ratio) => ratio <= 1.5),
    aim("tick right after a settlement as fast as before", around, (ratio) => ratio <= 1.5),
  ];
}

function aim(words: string, found: number[], holds: (ratio: number) => boolean): string[] {
  return [words, found.map(times).join(" · "), yes(found.every(holds))];
}

const yes = (met: boolean) => (met ? "yes" : "**no**");
const count = (value: number) => value.toLocaleString("en-US");
const number = (value: number) =>
  value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(value >= 10 ? 3 : 2);
const times = (value: number) => `${number(value)} ×`;
const bytes = (value: number) =>
  value >= 1e6 ? `${number(value / 1e6)} MB` : value >= 1e3 ? `${number(value / 1e3)} kB` : `${Math.round(value)} B`;

function spread(samples: readonly Sample[]): string {
  const ms = msOf(samples);
  return `${number(median(ms))} (${number(quantile(ms, 0.25))}–${number(quantile(ms, 0.75))})`;
}

function table(head: string[], body: string[][]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...body.map((row) => (row[column] ?? "").length)));
  const line = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}
