import fc from "fast-check";
import { expect, test } from "vitest";
import { readBalance } from "@/lib/credits/read-balance";
import { topUp } from "@/lib/credits/top-up";
import { verifyLedger } from "@/lib/credits/verify-ledger";
import { createWorkflow, runWorkflow } from "@/lib/workflows/run-workflow";
import { Engine, HOUR, SUPPORT } from "@/test/engine";
import { worlds } from "@/test/histories";
import { play, type Schedule } from "@/test/play-history";

const ACCOUNTS_PER_WORLD = 100;
/** The same worlds each time, so that a run says whether the change broke something; HISTORIES_SEED=$RANDOM looks for new ones. */
const SEED = Number(process.env.HISTORIES_SEED ?? 20_261_124);
const WORLDS = 2;

const SCHEDULES: Schedule[] = [
  { looks: "many", events: "as they come" },
  { looks: "few", events: "in order" },
  { looks: "few", events: "backwards" },
];

test("200 random histories: many small rounds, a few of many hours, and events recorded backwards end in the same books (C2, C3, C5, C7, C8, A7, A9)", async () => {
  await fc.assert(
    fc.asyncProperty(worlds(ACCOUNTS_PER_WORLD), async (world) => {
      const engines = await Promise.all(SCHEDULES.map(() => Engine.start()));
      try {
        const ends = await Promise.all(
          engines.map(async (engine, index) => {
            const end = await play(engine, world, SCHEDULES[index] ?? { looks: "few", events: "in order" });
            const found = (await verifyLedger(engine.ctx())).filter((result) => result.differences.length > 0);
            expect(found).toEqual([]);
            return end;
          }),
        );
        for (const [index, { books, expectedMicro }] of (ends[0] ?? []).entries()) {
          expect(books.remainingMicro).toBe(expectedMicro);
          expect(ends[1]?.[index]?.books).toEqual(books);
          expect(ends[2]?.[index]?.books).toEqual(books);
        }
      } finally {
        await Promise.all(engines.map((engine) => engine.dispose()));
      }
    }),
    { numRuns: WORLDS, seed: SEED, endOnFailure: true },
  );
}, 180_000);

test("runs that were used after their grant's end, before anybody wrote it, hold nothing up: the next grant pays for them (A2, C7)", async () => {
  const engine = await Engine.start();
  try {
    const begin = Date.parse("2026-03-01T00:00:00Z");
    const accountId = await engine.at(begin).account({ creditsMicro: 0n, runs: 0n });
    await topUp(engine.of(accountId), {
      runs: "10",
      reason: "a trial",
      ref: "trial-of-an-hour",
      expiresAt: new Date(begin + HOUR),
    });
    const { resourceId } = await createWorkflow(engine.of(accountId), { name: "nightly" });
    for (let run = 0; run < 4; run++)
      await runWorkflow(
        engine.at(begin + 2 * HOUR).of(accountId),
        { resourceId, key: `run-${run}` },
        { supportEmail: SUPPORT },
      );
    await engine.round();
    expect((await readBalance(engine.of(accountId))).runsRemaining).toBe(0n);
    await topUp(engine.of(accountId), { runs: "10", reason: "more runs", ref: "ten-more-runs" });
    expect((await readBalance(engine.of(accountId))).runsRemaining).toBe(6n);
  } finally {
    await engine.dispose();
  }
});
