import { basisPoints, MICRO_PER_CREDIT } from "@/lib/billing/amount";
import { MS_PER_HOUR } from "@/lib/billing/burn";
import type { ResourceKind } from "@/lib/billing/kinds";

/** How amounts and times are written. Figures are rounded here and nowhere else; nothing is computed from them again. */

const LOCALE = "en-US";
const whole = new Intl.NumberFormat(LOCALE);

/**
 * Credits to `digits` decimals, half away from zero: "1,234.50". An amount that would read as zero but is not is
 * written as "< 0.01" (or "> -0.01"), so that nothing used never looks like something used, or the other way round.
 */
export function formatCredits(creditsMicro: bigint, digits: 0 | 1 | 2 | 3 | 4 | 5 | 6 = 2): string {
  const unit = MICRO_PER_CREDIT / 10n ** BigInt(digits);
  const size = creditsMicro < 0n ? -creditsMicro : creditsMicro;
  const rounded = (size + unit / 2n) / unit;
  const smallest = digits === 0 ? "1" : `0.${"1".padStart(digits, "0")}`;
  if (rounded === 0n && size > 0n) return creditsMicro < 0n ? `> -${smallest}` : `< ${smallest}`;
  const scale = 10n ** BigInt(digits);
  const text =
    whole.format(rounded / scale) + (digits === 0 ? "" : `.${(rounded % scale).toString().padStart(digits, "0")}`);
  return creditsMicro < 0n ? `-${text}` : text;
}

/** Two decimals, or four where the amount is a fraction of a credit. */
export function creditDigits(creditsMicro: bigint): 2 | 4 {
  return creditsMicro < MICRO_PER_CREDIT && creditsMicro > -MICRO_PER_CREDIT && creditsMicro !== 0n ? 4 : 2;
}

/** A rate in credits per hour: as many decimals as the price book has, at least two. */
export function formatRate(creditsPerHourMicro: bigint): string {
  const exact = formatCredits(creditsPerHourMicro, 6);
  return exact.includes(".") ? exact.replace(/(\.\d{2}\d*?)0+$/, "$1") : exact;
}

export function formatCount(count: bigint | number): string {
  return whole.format(count);
}

/**
 * Part of whole in percent from exact values: 212.16 of 300 is "70.72 %"; "–" when there is no whole. A little is never written
 * as nothing, nor nearly all as all: "< 0.01 %", "> 99.99 %". (U3)
 */
export function formatPercent(part: bigint, whole: bigint): string {
  const points = basisPoints(part, whole);
  if (points === null) return "–";
  if (points === 0n && part !== 0n) return part > 0n ? "< 0.01 %" : "> -0.01 %";
  if (points === 10_000n && part < whole) return "> 99.99 %";
  const size = points < 0n ? -points : points;
  const fraction = (size % 100n).toString().padStart(2, "0").replace(/0$/, "").replace(/^0$/, "");
  return `${points < 0n ? "-" : ""}${formatCount(size / 100n)}${fraction === "" ? "" : `.${fraction}`} %`;
}

/** A span of time in its two greatest units: "3 d 4 h", "2 h 5 min", "1 min 20 s", "40 s". */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const days = Math.floor(seconds / 86_400);
  if (days >= 730) return `${formatCount(Math.floor(days / 365))} years`;
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (days > 0) return hours > 0 && days < 100 ? `${days} d ${hours} h` : `${formatCount(days)} d`;
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  if (minutes > 0) return seconds % 60 > 0 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  return `${seconds} s`;
}

/** Running time in hours and minutes, as usage pages write it: "12 h 05 min". (U7) */
export function formatHoursMinutes(ms: number): string {
  const minutes = Math.floor((ms % MS_PER_HOUR) / 60_000);
  return `${formatCount(Math.floor(ms / MS_PER_HOUR))} h ${minutes.toString().padStart(2, "0")} min`;
}

/** An instant in a time zone: "24 Nov 2026, 06:12" with seconds on demand. */
export function formatInstant(at: Date, timeZone: string, options: { seconds?: boolean } = {}): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: options.seconds ? "2-digit" : undefined,
    hourCycle: "h23",
  });
  return parts.format(at);
}

export const KIND_TITLES: Record<ResourceKind, { one: string; many: string }> = {
  workflow: { one: "Workflow", many: "Workflows" },
  model: { one: "Model", many: "Models" },
  guardrail: { one: "Guardrail", many: "Guardrails" },
  script: { one: "Custom script", many: "Custom scripts" },
  ocr: { one: "OCR model", many: "OCR" },
  browser: { one: "Browser pod", many: "Browser automation" },
};
