import { createHash } from "node:crypto";
import { cache } from "react";
import type { Heard, LiveBalance } from "@/app/_live/live-balance";
import { stalledAtMs } from "@/app/_live/stalled";
import { accountContext, readViewer } from "@/lib/auth/viewer";
import { runwayOf } from "@/lib/billing/forecast";
import { bannerThreshold } from "@/lib/billing/thresholds";
import type { AccountContext } from "@/lib/context";
import { type AccountBalance, readBalance } from "@/lib/credits/read-balance";

export type OwnBalance = { balance: AccountBalance; context: AccountContext; heard: Heard };

/**
 * The balance of the viewer's account, and what the browser is told of it. Read once per request, so that header, banner and
 * page show the same instant. Null for an operator who has no account.
 */
export const readOwnBalance = cache(async (): Promise<OwnBalance | null> => {
  const viewer = await readViewer();
  if (!viewer?.account) return null;
  const context = accountContext({ ...viewer, account: viewer.account });
  const balance = await readBalance(context);
  const nowMs = context.now.getTime();
  return {
    balance,
    context,
    heard: {
      signature: signatureOf(balance, nowMs),
      serverNowMs: nowMs,
      balance: viewer.account.mayViewBilling ? toLiveBalance(balance, nowMs) : null,
    },
  };
});

/** A digest, so that it tells of a change and of nothing else. */
function signatureOf(account: AccountBalance, nowMs: number): string {
  const parts = [
    account.accountId,
    account.version,
    account.state.settledMicro,
    account.state.settledThroughMs,
    account.closedAt?.getTime(),
    account.grantedMicro,
    account.runsGranted,
    account.runsRemaining,
    account.remainingMicro <= account.deployFloorMicro,
    bannerThreshold(account.remainingMicro, account.grantedMicro),
    bannerThreshold(account.runsRemaining, account.runsGranted),
    account.platformFailingSince?.getTime(),
    stalledAtMs(account, nowMs),
  ];
  return createHash("sha256").update(parts.join("|")).digest("base64url").slice(0, 22);
}

function toLiveBalance(account: AccountBalance, nowMs: number): LiveBalance {
  const { burnRateMicroPerHour, usedUpAtMs, stopAtMs } = runwayOf(
    account.state,
    account.negativeLimitMicro,
    account.untilMs,
  );
  const ahead = (atMs: number | null) => (atMs !== null && atMs > account.untilMs ? atMs : null);
  return {
    publicId: account.publicId,
    timeZone: account.timeZone,
    grantedMicro: account.grantedMicro.toString(),
    runsGranted: account.runsGranted.toString(),
    runsRemaining: account.runsRemaining.toString(),
    settledMicro: account.state.settledMicro.toString(),
    settledThroughMs: account.state.settledThroughMs,
    segments: account.state.segments.map(({ rateMicroPerHour, startedAtMs, endedAtMs }) => [
      rateMicroPerHour.toString(),
      startedAtMs,
      endedAtMs,
    ]),
    burnRateMicroPerHour: burnRateMicroPerHour.toString(),
    usedUpAtMs: ahead(usedUpAtMs),
    stopAtMs: ahead(stopAtMs),
    closed: account.closedAt !== null,
    stalledAtMs: stalledAtMs(account, nowMs),
  };
}
