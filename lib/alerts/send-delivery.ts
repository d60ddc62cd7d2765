import { sql } from "drizzle-orm";
import { z } from "zod";
import { runwayOf } from "@/lib/billing/forecast";
import { METERS } from "@/lib/billing/kinds";
import type { AccountContext } from "@/lib/context";
import { readBalance } from "@/lib/credits/read-balance";
import { at, firstRow, id, instant, micro, rows, run } from "@/lib/db/rows";
import { type DeploymentView, listDeployments } from "@/lib/deployments/list-deployments";
import { PodmeterError } from "@/lib/errors";
import type { AccountFacts, DeploymentFacts, Mail } from "@/lib/mail/mail-data";
import type { Mailer } from "@/lib/mail/mailer";
import { MailRefused } from "@/lib/mail/mailer";
import { renderMail } from "@/lib/mail/render-mail";

/** How long one attempt may take before another worker may try. */
const CLAIM_MS = 120_000;
const MAX_ATTEMPTS = 60;

/** Seconds to the next attempt of a mail: 5 s, doubled each time, at most 15 minutes. */
const retryDelayMs = (attempts: number) => Math.min(5_000 * 2 ** Math.min(attempts - 1, 10), 15 * 60_000);

const deploymentPayload = z.object({ deploymentId: id });
const payloads = {
  threshold: z.object({ meter: z.enum(METERS), threshold: z.number(), remaining: micro, granted: micro }),
  used_up: z.object({ meter: z.enum(METERS) }),
  limit_reached: z.object({}),
  stopped: deploymentPayload,
  deployed: deploymentPayload,
  undeployed: deploymentPayload.extend({ stopOrderId: id }),
  deploy_failed: deploymentPayload.extend({ reason: z.string() }),
};

const claimRow = z.object({ outbox_id: id, recipient: z.string(), attempts: z.number() });
const outboxRow = z.object({
  kind: z.enum(["threshold", "used_up", "limit_reached", "stopped", "deployed", "undeployed", "deploy_failed"]),
  payload: z.unknown(),
  at: instant,
});

export type SendResult = "sent" | "not_due" | "retry" | "refused";

/**
 * Sends one mail to one person (N4–N6). It counts as sent when the server has accepted it. A repeat after a crash
 * between the two carries the same Message-ID, by which mail systems recognise it.
 */
export async function sendDelivery(
  ctx: AccountContext,
  input: { deliveryId: number },
  options: { mailer: Mailer; appUrl: string; supportEmail: string },
): Promise<SendResult> {
  const claim = await firstRow(
    ctx.db,
    claimRow,
    sql`select * from claim_delivery(${ctx.accountId}, ${input.deliveryId}, ${at(new Date(ctx.now.getTime() + CLAIM_MS))}, ${at(ctx.now)})`,
  );
  if (!claim) return "not_due";
  try {
    const { mail, facts } = await composeMail(ctx, claim.outbox_id, options);
    await options.mailer.send({
      ...(await renderMail(mail, facts)),
      to: claim.recipient,
      messageId: `<podmeter-${ctx.accountId}-${input.deliveryId}@${new URL(options.appUrl).hostname}>`,
      accountPublicId: facts.accountPublicId,
    });
  } catch (error) {
    const final = error instanceof MailRefused || claim.attempts >= MAX_ATTEMPTS;
    const message = error instanceof Error ? error.message : String(error);
    // Unless this took so long that another worker has it, or has sent it, meanwhile.
    await run(
      ctx.db,
      sql`update delivery set state = ${final ? "failed" : "waiting"}, claimed_until = null, last_error = ${message},
          next_attempt_at = ${at(new Date(ctx.now.getTime() + retryDelayMs(claim.attempts)))}
        where account_id = ${ctx.accountId} and delivery_id = ${input.deliveryId} and state = 'waiting' and attempts = ${claim.attempts}`,
    );
    return final ? "refused" : "retry";
  }
  await run(
    ctx.db,
    sql`update delivery set state = 'sent', sent_at = ${at(ctx.now)}, claimed_until = null, last_error = null
      where account_id = ${ctx.accountId} and delivery_id = ${input.deliveryId}`,
  );
  return "sent";
}

async function composeMail(
  ctx: AccountContext,
  outboxId: number,
  options: { appUrl: string; supportEmail: string },
): Promise<{ mail: Mail; facts: AccountFacts }> {
  const [message] = await rows(
    ctx.db,
    outboxRow,
    sql`select kind, payload, at from outbox where account_id = ${ctx.accountId} and outbox_id = ${outboxId}`,
  );
  if (!message) throw new PodmeterError("not_found", "The message of this delivery is gone.");
  const balance = await readBalance(ctx);
  const runway = runwayOf(balance.state, balance.negativeLimitMicro, balance.untilMs);
  const facts: AccountFacts = {
    accountName: balance.name,
    accountPublicId: balance.publicId,
    timeZone: balance.timeZone,
    remainingMicro: balance.remainingMicro,
    grantedMicro: balance.grantedMicro,
    runsRemaining: balance.runsRemaining,
    runsGranted: balance.runsGranted,
    negativeLimitMicro: balance.negativeLimitMicro,
    deployFloorMicro: balance.deployFloorMicro,
    closed: balance.closedAt !== null,
    asOf: new Date(balance.untilMs),
    burnRateMicroPerHour: runway.burnRateMicroPerHour,
    usedUpAt: runway.usedUpAtMs === null ? null : new Date(runway.usedUpAtMs),
    stopAt: runway.stopAtMs === null ? null : new Date(runway.stopAtMs),
    appUrl: options.appUrl,
    supportEmail: options.supportEmail,
  };
  const deployments = await listDeployments(ctx, balance.untilMs);
  const deploymentOf = (payload: unknown) => {
    const { deploymentId } = deploymentPayload.parse(payload);
    const found = deployments.find((deployment) => deployment.deploymentId === deploymentId);
    if (!found) throw new PodmeterError("not_found", "The deployment of this message is gone.");
    return factsOf(found);
  };
  const { kind, payload } = message;
  switch (kind) {
    case "threshold":
      return { facts, mail: { kind, ...payloads.threshold.parse(payload) } };
    case "used_up":
      return { facts, mail: { kind, meter: payloads.used_up.parse(payload).meter } };
    case "limit_reached":
      return { facts, mail: { kind, deployments: await deploymentsStoppedAt(ctx, message.at) } };
    case "stopped":
    case "deployed":
      return { facts, mail: { kind, deployment: deploymentOf(payload) } };
    case "undeployed":
      return {
        facts,
        mail: {
          kind,
          deployment: deploymentOf(payload),
          by: await actorOf(ctx, payloads.undeployed.parse(payload).stopOrderId),
        },
      };
    case "deploy_failed":
      return {
        facts,
        mail: { kind, deployment: deploymentOf(payload), reason: payloads.deploy_failed.parse(payload).reason },
      };
  }
}

async function deploymentsStoppedAt(ctx: AccountContext, crossing: Date): Promise<string[]> {
  const names = await rows(
    ctx.db,
    z.object({ name: z.string() }),
    sql`select d.name from stop_order o join deployment d on d.account_id = o.account_id and d.deployment_id = o.deployment_id
      where o.account_id = ${ctx.accountId} and o.reason = 'limit' and o.requested_at = ${at(crossing)} order by d.name`,
  );
  return names.map((row) => row.name);
}

async function actorOf(ctx: AccountContext, stopOrderId: number): Promise<string> {
  const row = await firstRow(
    ctx.db,
    z.object({ actor: z.string() }),
    sql`select actor from stop_order where account_id = ${ctx.accountId} and stop_order_id = ${stopOrderId}`,
  );
  return row?.actor ?? "podmeter";
}

const factsOf = (deployment: DeploymentView): DeploymentFacts => ({
  name: deployment.name,
  kind: deployment.kind,
  profileTitle: deployment.profileTitle,
  replicas: deployment.replicas,
  endpoint: deployment.endpoint,
  rateMicroPerHour: deployment.rateMicroPerHour,
  creditsMicro: deployment.creditsMicro,
  startedAt: deployment.deployedAt,
  endedAt: deployment.endedAt,
});
