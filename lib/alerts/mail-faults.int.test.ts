import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Mailbox, startMailbox } from "@/launch/mailbox";
import { dispatchOutbox, dueDeliveries } from "@/lib/alerts/dispatch-outbox";
import { listFailedDeliveries } from "@/lib/alerts/list-failed-deliveries";
import { sendDelivery } from "@/lib/alerts/send-delivery";
import { readBalance } from "@/lib/credits/read-balance";
import { createMailer, type Mailer } from "@/lib/mail/mailer";
import { Engine, HOUR, MINUTE, SUPPORT } from "@/test/engine";

let engine: Engine;
let second: Engine;
let folder: string;
let mailbox: Mailbox;
let mailer: Mailer;
let accountId: number;
let people: { owner: string; admin: string };

beforeAll(async () => {
  engine = await Engine.start();
  second = engine.anotherWorker();
  folder = await mkdtemp(path.join(tmpdir(), "podmeter-mail-"));
  mailbox = await startMailbox({ dir: folder });
  mailer = createMailer({ smtpUrl: mailbox.smtpUrl, from: "Podmeter <billing@example.test>" });
});
afterAll(async () => {
  mailer.close();
  await mailbox.stop();
  await rm(folder, { recursive: true, force: true });
  await second.dispose();
  await engine.dispose();
});

let serial = 0;
/** An account with an owner, an admin and a member, whose credits are half used. */
beforeEach(async () => {
  await behave("accept");
  serial++;
  people = { owner: `owner-${serial}@example.test`, admin: `admin-${serial}@example.test` };
  accountId = await engine
    .at(Date.parse("2026-03-01T00:00:00Z") + serial * 24 * HOUR)
    .account({ creditsMicro: 6_000_000n });
  await engine.member(accountId, people.owner, "owner");
  await engine.member(accountId, people.admin, "admin");
  await engine.member(accountId, `member-${serial}@example.test`, "member");
  await engine.deploy(accountId, { replicas: 10 });
  await engine.observe();
  await engine.pass(HOUR).observe();
  await engine.tick();
});

async function behave(mode: "accept" | "refuse" | "down", recipient?: string): Promise<void> {
  const answer = await fetch(`${mailbox.httpUrl}/api/behaviour`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ mode, recipient }),
  });
  expect(answer.status).toBe(204);
}

const send = (worker: Engine, delivery: { accountId: number; deliveryId: number }, by: Mailer = mailer) =>
  sendDelivery(worker.of(delivery.accountId), delivery, {
    mailer: by,
    appUrl: "http://localhost:3000",
    supportEmail: SUPPORT,
  });

const ownDue = async () => (await dueDeliveries(engine.ctx())).filter((delivery) => delivery.accountId === accountId);

/** What the mail queue does, once. */
async function sendDue(worker = engine): Promise<string[]> {
  await dispatchOutbox(worker.ctx());
  return Promise.all((await ownDue()).map((delivery) => send(worker, delivery)));
}

/** How many mails each person has got: by Message-ID, and in all. */
async function got(recipient: string): Promise<{ mails: number; distinct: number }> {
  const mails = z
    .array(z.object({ to: z.array(z.string()), messageId: z.string() }))
    .parse(await (await fetch(`${mailbox.httpUrl}/api/mails`)).json())
    .filter((mail) => mail.to.some((to) => to.includes(recipient)));
  return { mails: mails.length, distinct: new Set(mails.map((mail) => mail.messageId)).size };
}

const troubles = async () =>
  (await listFailedDeliveries(engine.ctx(), 100)).filter((trouble) => trouble.accountId === accountId);

/** Two messages: the deployment answers, and half of the credits are used. */
const BOTH = { mails: 2, distinct: 2 };
const NOTHING = { mails: 0, distinct: 0 };

describe("mail", () => {
  test("goes once to the owner and to each admin, whatever number of workers sends it (N5, N7, E8)", async () => {
    await Promise.all([sendDue(engine), sendDue(second), sendDue(engine), sendDue(second)]);
    await sendDue(second);
    expect([await got(people.owner), await got(people.admin), await got(`member-${serial}@`)]).toEqual([
      BOTH,
      BOTH,
      NOTHING,
    ]);
    expect(await troubles()).toEqual([]);
  });

  test("waits for a server that is down, is seen by operators meanwhile, and then arrives once; accrual goes on (N6)", async () => {
    await behave("down");
    for (let attempt = 1; attempt <= 4; attempt++) {
      expect(await sendDue()).toEqual(["retry", "retry", "retry", "retry"]);
      expect(await sendDue()).toEqual([]);
      const waiting = await troubles();
      expect(waiting).toHaveLength(4);
      for (const trouble of waiting) {
        expect(trouble).toMatchObject({
          state: "waiting",
          attempts: attempt,
          lastError: expect.stringContaining("451"),
        });
        expect(trouble.nextAttemptAt.getTime()).toBe(engine.clock.now.getTime() + 5_000 * 2 ** (attempt - 1));
      }
      const before = (await readBalance(engine.of(accountId))).remainingMicro;
      await engine.pass(5_000 * 2 ** (attempt - 1)).observe();
      await engine.tick();
      expect((await readBalance(engine.of(accountId))).remainingMicro).toBeLessThan(before);
    }
    await behave("accept");
    expect(await sendDue()).toEqual(["sent", "sent", "sent", "sent"]);
    await engine.pass(HOUR);
    expect(await sendDue()).toEqual([]);
    expect([await got(people.owner), await got(people.admin)]).toEqual([BOTH, BOTH]);
    expect(await troubles()).toEqual([]);
  });

  test("waits for a server that cannot be reached at all (N6)", async () => {
    const nobody = createMailer({ smtpUrl: "smtp://127.0.0.1:1", from: "billing@example.test" });
    await dispatchOutbox(engine.ctx());
    const due = await ownDue();
    for (const delivery of due) expect(await send(engine, delivery, nobody)).toBe("retry");
    nobody.close();
    engine.pass(MINUTE);
    expect(await sendDue()).toEqual(["sent", "sent", "sent", "sent"]);
    expect(await got(people.owner)).toEqual(BOTH);
  });

  test("that one person's server refuses for good is shown to operators with its words, and the others get theirs (N6)", async () => {
    await behave("refuse", people.owner);
    expect((await sendDue()).sort()).toEqual(["refused", "refused", "sent", "sent"]);
    await engine.pass(24 * HOUR);
    expect(await sendDue()).toEqual([]);
    expect(await troubles()).toMatchObject([
      {
        recipient: people.owner,
        state: "failed",
        attempts: 1,
        lastError: expect.stringContaining("No such mailbox here"),
      },
      { recipient: people.owner, state: "failed", attempts: 1 },
    ]);
    expect([await got(people.owner), await got(people.admin)]).toEqual([NOTHING, BOTH]);
  });

  test("whose worker died with it in hand is sent by another, once, when its time is over (N6, E8)", async () => {
    await dispatchOutbox(engine.ctx());
    const died: Mailer = { send: () => new Promise(() => {}), close: () => {} };
    const due = await ownDue();
    for (const delivery of due) void send(engine, delivery, died);
    await expect.poll(ownDue).toEqual([]);
    expect(await sendDue(second)).toEqual([]);
    engine.pass(2 * MINUTE);
    expect(await sendDue(second)).toEqual(["sent", "sent", "sent", "sent"]);
    expect([await got(people.owner), await got(people.admin)]).toEqual([BOTH, BOTH]);
  });

  test("that another worker has sent meanwhile is not sent again because a slow one fails at last (N5, E8)", async () => {
    await dispatchOutbox(engine.ctx());
    const [delivery] = await ownDue();
    if (!delivery) throw new Error("nothing is due");
    let fail = (_error: Error) => {};
    let inHand = () => {};
    const taken = new Promise<void>((resolve) => {
      inHand = resolve;
    });
    const slow: Mailer = {
      send: () =>
        new Promise((_, reject) => {
          fail = reject;
          inHand();
        }),
      close: () => {},
    };
    const late = send(engine, delivery, slow);
    await taken;
    engine.pass(3 * MINUTE);
    expect(await sendDue(second)).toEqual(["sent", "sent", "sent", "sent"]);
    fail(new Error("the connection was lost"));
    await late;
    await engine.pass(24 * HOUR);
    expect(await sendDue()).toEqual([]);
    expect(await troubles()).toEqual([]);
  });
});
