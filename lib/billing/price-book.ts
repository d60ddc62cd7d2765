import type { ResourceKind } from "./kinds";

export type HardwareProfile = {
  profileId: string;
  kind: ResourceKind;
  vcpus: number;
  memoryGb: number;
  gpuType: string | null;
  gpuCount: number;
  /** Per replica. */
  creditsPerHourMicro: bigint;
};

const cpu = (kind: ResourceKind, vcpus: number, memoryGb: number, creditsPerHourMicro: bigint): HardwareProfile => ({
  profileId: `${kind}-${vcpus}x${memoryGb}`,
  kind,
  vcpus,
  memoryGb,
  gpuType: null,
  gpuCount: 0,
  creditsPerHourMicro,
});

const gpu = (
  gpuType: string,
  gpuCount: number,
  vcpus: number,
  memoryGb: number,
  creditsPerHourMicro: bigint,
): HardwareProfile => ({
  profileId: `model-${gpuType.toLowerCase()}x${gpuCount}`,
  kind: "model",
  vcpus,
  memoryGb,
  gpuType,
  gpuCount,
  creditsPerHourMicro,
});

/** The default price book (SPEC, "What is billed, and its price"). Written to the database once, at the first start; prices change there. */
export const DEFAULT_PRICE_BOOK: readonly HardwareProfile[] = [
  cpu("script", 1, 2, 76_980n),
  cpu("script", 2, 4, 153_960n),
  cpu("script", 2, 8, 144_000n),
  cpu("script", 4, 8, 307_920n),
  cpu("script", 4, 16, 288_000n),
  gpu("T4", 1, 4, 16, 1_428_000n),
  gpu("T4", 4, 16, 64, 6_168_000n),
  gpu("T4", 8, 32, 128, 12_036_000n),
  gpu("A10", 1, 8, 32, 2_118_000n),
  gpu("A10", 4, 32, 128, 8_808_000n),
  gpu("A10", 8, 64, 256, 24_732_000n),
  gpu("A100", 1, 12, 96, 6_000_000n),
  gpu("A100", 8, 96, 768, 48_000_000n),
  cpu("guardrail", 2, 8, 144_000n),
  cpu("ocr", 4, 16, 288_000n),
  cpu("browser", 4, 16, 288_000n),
  cpu("browser", 8, 32, 576_000n),
];

/** "2 vCPU, 8 GB", or "A10 ×4" for GPUs. */
export function profileTitle(profile: Pick<HardwareProfile, "vcpus" | "memoryGb" | "gpuType" | "gpuCount">): string {
  return profile.gpuType ? `${profile.gpuType} ×${profile.gpuCount}` : `${profile.vcpus} vCPU, ${profile.memoryGb} GB`;
}
