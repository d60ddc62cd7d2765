import { MS_PER_HOUR } from "./burn";

/**
 * The tokens that training gets through in an hour, by the model's size class and the hardware profile (P2). For jobs that do not report their
 * hours: rough, public, and shown beside every charge that rests on it.
 */
export const TOKENS_PER_HOUR = {
  small: { "model-t4x1": 3_600_000n, "model-a10x1": 9_000_000n, "model-a100x1": 36_000_000n },
  medium: {
    "model-a10x1": 3_000_000n,
    "model-a10x4": 10_800_000n,
    "model-a100x1": 12_600_000n,
    "model-a100x8": 90_000_000n,
  },
  large: { "model-a10x8": 3_600_000n, "model-a100x8": 21_600_000n },
} as const satisfies Record<string, Record<string, bigint>>;
export type SizeClass = keyof typeof TOKENS_PER_HOUR;
export const SIZE_CLASSES = ["small", "medium", "large"] as const satisfies readonly SizeClass[];

export type FineTuningJob =
  | { basis: "reported"; gpuMs: number }
  | { basis: "estimated"; trainingTokens: bigint; epochs: number; sizeClass: SizeClass; profileId: string };

export type FineTuningCharge = {
  gpuMs: number;
  creditsMicro: bigint;
  /** As it stands beside the charge. */
  formula: string;
};

/**
 * What a fine-tuning job costs (P2): GPU hours × the profile's price, rounded down to whole micro-credits. Where the job reports its hours they
 * count; else hours = training tokens × epochs ÷ tokens per hour, rounded up to whole milliseconds. Null: this size class does
 * not run on this hardware, so nothing can be estimated.
 */
export function fineTuningCharge(job: FineTuningJob, creditsPerHourMicro: bigint): FineTuningCharge | null {
  if (job.basis === "reported") {
    const creditsMicro = (creditsPerHourMicro * BigInt(job.gpuMs)) / BigInt(MS_PER_HOUR);
    return { gpuMs: job.gpuMs, creditsMicro, formula: "reported GPU hours × credits per hour" };
  }
  const speeds: Partial<Record<string, bigint>> = TOKENS_PER_HOUR[job.sizeClass];
  const tokensPerHour = speeds[job.profileId];
  if (tokensPerHour === undefined) return null;
  const tokenMs = job.trainingTokens * BigInt(job.epochs) * BigInt(MS_PER_HOUR);
  const gpuMs = Number((tokenMs + tokensPerHour - 1n) / tokensPerHour);
  return {
    gpuMs,
    creditsMicro: (creditsPerHourMicro * BigInt(gpuMs)) / BigInt(MS_PER_HOUR),
    formula: "training tokens × epochs ÷ tokens per hour × credits per hour",
  };
}
