import { describe, expect, it } from "vitest";
import { STOPPED_MESSAGE } from "@/lib/billing/gate";
import type { AccountBalance } from "@/lib/credits/read-balance";
import { noticesOf } from "./notices";

const NOW = new Date("2026-11-24T12:00:00Z");
const owner = { supportEmail: "help@example.org", mayViewBilling: true };

function account(changes: Partial<AccountBalance> = {}): AccountBalance {
  return {
    accountId: 1,
    publicId: "acc_test",
    name: "Test",
    timeZone: "UTC",
    planName: "Free",
    version: 1,
    closedAt: null,
    grantedMicro: 100_000_000n,
    remainingMicro: 100_000_000n,
    negativeLimitMicro: 5_000_000n,
    deployFloorMicro: 1_000_000n,
    runsGranted: 10_000n,
    runsRemaining: 10_000n,
    state: { settledMicro: 100_000_000n, settledThroughMs: NOW.getTime(), segments: [] },
    untilMs: NOW.getTime(),
    platformFailingSince: null,
    ...changes,
  };
}

const titles = (changes: Partial<AccountBalance>, options = owner) =>
  noticesOf(account(changes), NOW, options).map((notice) => notice.title);
const words = (changes: Partial<AccountBalance>, options = owner) =>
  noticesOf(account(changes), NOW, options)
    .map((notice) => [notice.title, ...notice.sentences].join(" "))
    .join("\n");

describe("the banner", () => {
  it("is not there while less than 20 % are used (N1)", () => {
    expect(titles({ remainingMicro: 80_000_001n, runsRemaining: 8_001n })).toEqual([]);
  });

  it.each([
    [80_000_000n, 20],
    [50_000_000n, 50],
    [30_000_000n, 70],
    [20_000_000n, 80],
    [10_000_000n, 90],
  ])("with %s micro-credits left of 100 credits says %s %% (N1)", (remainingMicro, percent) => {
    expect(titles({ remainingMicro })).toEqual([`${percent} % of your credits are used.`]);
    expect(titles({ remainingMicro: remainingMicro + 1n })).not.toEqual([`${percent} % of your credits are used.`]);
  });

  it("shows the higher of the two meters' thresholds, and only that one (N1)", () => {
    expect(titles({ remainingMicro: 40_000_000n, runsRemaining: 1_500n })).toEqual([
      "80 % of your workflow runs are used.",
    ]);
  });

  it("says that fine-tuning is off at 25 credits, and not above (N3, A8)", () => {
    expect(words({ remainingMicro: 25_000_000n })).toContain("Fine-tuning is off");
    expect(words({ remainingMicro: 25_000_001n })).not.toContain("Fine-tuning is off");
  });

  it("says that new deployments are off at the deploy floor, and not above (N3, A4)", () => {
    expect(words({ remainingMicro: 1_000_000n })).toContain("New deployments and fine-tuning are off");
    expect(words({ remainingMicro: 1_000_001n })).not.toContain("New deployments");
  });

  it("says so when credits and runs are used up, both at once, with how to get more (N2, A2)", () => {
    expect(titles({ remainingMicro: 0n, runsRemaining: 0n })).toEqual([
      "Your credits are used up.",
      "Your workflow runs are used up.",
    ]);
    expect(words({ runsRemaining: 0n })).toContain("help@example.org");
  });

  it("shows the message of the stop, word for word, and when the limit was reached (A6)", () => {
    const text = words({ remainingMicro: -5_000_000n, closedAt: new Date("2026-11-24T11:58:07Z") });
    expect(text).toContain(STOPPED_MESSAGE);
    expect(text).toContain("11:58:07");
    expect(text).not.toContain("Your credits are used up.");
  });

  it("says that metering is paused while the platform does not answer, whether that was noticed or not (C5)", () => {
    expect(words({ platformFailingSince: new Date("2026-11-24T11:59:00Z") })).toContain("Metering is paused");
    expect(words({ untilMs: NOW.getTime() - 1 })).toContain("Metering is paused");
    expect(words({})).not.toContain("Metering is paused");
  });

  it("tells who may not see billing what is off, and no percentage (R1)", () => {
    const member = { ...owner, mayViewBilling: false };
    expect(titles({ remainingMicro: 10_000_000n }, member)).toEqual([]);
    expect(titles({ remainingMicro: 0n }, member)).toEqual(["Your credits are used up."]);
  });
});
