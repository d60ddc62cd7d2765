import { stalledAtMs } from "@/app/_live/stalled";
import { FINE_TUNING_FLOOR_MICRO, STOPPED_MESSAGE } from "@/lib/billing/gate";
import { bannerThreshold, LEVEL_USED_UP } from "@/lib/billing/thresholds";
import type { AccountBalance } from "@/lib/credits/read-balance";
import { formatInstant } from "@/lib/format";

export type Notice = { tone: "calm" | "warn" | "bad"; title: string; sentences: string[] };

/**
 * What stands at the top of every page (N1–N3): what is used up, always; of the thresholds that are crossed, the highest; and
 * what is off because of it. No running figures: these are read out when they change. Who may not see billing reads what is
 * off, and no percentages (R1).
 */
export function noticesOf(
  balance: AccountBalance,
  now: Date,
  options: { supportEmail: string; mayViewBilling: boolean },
): Notice[] {
  const addMore = `To add more, write to ${options.supportEmail}.`;
  const credits = bannerThreshold(balance.remainingMicro, balance.grantedMicro);
  const runs = bannerThreshold(balance.runsRemaining, balance.runsGranted);
  const notices = [platformNotice(balance, now), creditsUsedUp(balance, addMore)];
  if (runs === LEVEL_USED_UP) {
    notices.push({
      tone: "bad",
      title: "Your workflow runs are used up.",
      sentences: ["Workflows cannot be run.", addMore],
    });
  }

  const crossed = [
    { threshold: credits, what: "credits", off: offByCredits(balance) },
    { threshold: runs, what: "workflow runs", off: [] },
  ]
    .filter(({ threshold }) => threshold !== null && threshold !== LEVEL_USED_UP)
    .sort((a, b) => Number(b.threshold) - Number(a.threshold))[0];
  if (crossed && options.mayViewBilling) {
    const threshold = Number(crossed.threshold);
    notices.push({
      tone: threshold >= 90 ? "bad" : threshold >= 70 ? "warn" : "calm",
      title: `${threshold} % of your ${crossed.what} are used.`,
      sentences: [...crossed.off, ...(threshold >= 70 ? [addMore] : [])],
    });
  }
  return notices.filter((notice) => notice !== null);
}

function platformNotice(balance: AccountBalance, now: Date): Notice | null {
  const stalledMs = stalledAtMs(balance, now.getTime());
  const since = balance.platformFailingSince ?? (stalledMs === null ? null : new Date(stalledMs));
  if (since === null) return null;
  return {
    tone: "warn",
    title: `The platform has not answered since ${formatInstant(since, balance.timeZone, { seconds: true })}.`,
    sentences: ["Metering is paused. Once it answers again, what ran in the meantime is counted to its real end."],
  };
}

function creditsUsedUp(balance: AccountBalance, addMore: string): Notice | null {
  if (balance.closedAt !== null) {
    return {
      tone: "bad",
      title: STOPPED_MESSAGE,
      sentences: [
        `The limit was reached at ${formatInstant(balance.closedAt, balance.timeZone, { seconds: true })}, so all deployments are stopped.`,
        "New deployments and fine-tuning are off.",
        addMore,
      ],
    };
  }
  if (balance.remainingMicro > 0n) return null;
  return {
    tone: "bad",
    title: "Your credits are used up.",
    sentences: [
      "New deployments and fine-tuning are off.",
      "What runs goes on into negative credits; at your plan's limit all of it is stopped.",
      addMore,
    ],
  };
}

function offByCredits(balance: AccountBalance): string[] {
  if (balance.remainingMicro <= balance.deployFloorMicro) return ["New deployments and fine-tuning are off."];
  return balance.remainingMicro <= FINE_TUNING_FLOOR_MICRO ? ["Fine-tuning is off at 25 credits or fewer."] : [];
}
