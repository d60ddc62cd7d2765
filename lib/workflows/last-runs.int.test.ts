import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readBalance } from "@/lib/credits/read-balance";
import { listWorkflows } from "@/lib/workflows/list-workflows";
import { createWorkflow, runWorkflow } from "@/lib/workflows/run-workflow";
import { faultsIn } from "@/test/books";
import { Engine, SUPPORT } from "@/test/engine";

let engine: Engine;
let accountId: number;
let resourceId: number;
beforeAll(async () => {
  engine = await Engine.start({ connections: 20 });
  accountId = await engine.account({ runs: 10n });
  ({ resourceId } = await createWorkflow(engine.of(accountId), { name: "Nightly report" }));
});
afterAll(() => engine.dispose());

const runOnce = (key: string) => runWorkflow(engine.of(accountId), { resourceId, key }, { supportEmail: SUPPORT });

describe("the last runs", () => {
  test("fifty at once for the last ten: exactly ten are run, forty are told what is missing and where to get it (A2, E8)", async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, (_, index) => runOnce(`run-${index}`)));
    const refusals = outcomes.filter((outcome) => outcome.status === "rejected").map((outcome) => outcome.reason);
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled" && outcome.value.counted)).toHaveLength(10);
    expect(refusals).toHaveLength(40);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ code: "no_runs_left", message: expect.stringContaining(SUPPORT) });
    }
    expect((await readBalance(engine.of(accountId))).runsRemaining).toBe(0n);
    expect(await listWorkflows(engine.of(accountId))).toMatchObject([{ runs: 10n }]);
    expect(await faultsIn(engine.ctx())).toEqual([]);
  });

  test("one that is reported many times at once, by the same key, counts once (I1)", async () => {
    const other = await engine.account({ runs: 10n });
    const workflow = await createWorkflow(engine.of(other), { name: "Nightly report" });
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () =>
        runWorkflow(engine.of(other), { ...workflow, key: "the same" }, { supportEmail: SUPPORT }),
      ),
    );
    expect(outcomes.filter(({ counted }) => counted)).toHaveLength(1);
    expect((await readBalance(engine.of(other))).runsRemaining).toBe(9n);
  });
});
