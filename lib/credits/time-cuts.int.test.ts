import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultsIn } from "@/test/books";
import { Engine, HOUR, MINUTE } from "@/test/engine";
import { hardHistory, histories, liveThrough } from "@/test/lives";

let often: Engine;
let rarely: Engine;
beforeAll(async () => {
  often = await Engine.start();
  rarely = await Engine.start();
});
afterAll(async () => {
  await often.dispose();
  await rarely.dispose();
});

describe("however time is cut", () => {
  test("any history costs what the true running times cost, looked at often or rarely, told at once or late (C2, C3, C5, C6, C8)", async () => {
    let dayMs = Date.parse("2026-03-01T00:00:00Z");
    await fc.assert(
      fc.asyncProperty(histories, async (steps) => {
        dayMs += 24 * HOUR;
        const busy = await liveThrough(often, dayMs, steps, 11 * MINUTE + 13);
        const idle = await liveThrough(rarely, dayMs, steps, 131 * MINUTE);
        expect(busy.charged).toEqual(busy.owed);
        expect(idle.charged).toEqual(busy.charged);
      }),
      { numRuns: 8, endOnFailure: true, examples: [[hardHistory]] },
    );
    expect(await faultsIn(often.ctx())).toEqual([]);
    expect(await faultsIn(rarely.ctx())).toEqual([]);
  });
});
