import { expect, test } from "vitest";
import { DEFAULT_PLANS, FREE_CREDITS_MICRO, FREE_RUNS, paidPlan } from "./plans";

test("a new account gets 75 credits and 10,000 runs (A1)", () => {
  expect(FREE_CREDITS_MICRO).toBe(75_000_000n);
  expect(FREE_RUNS).toBe(10_000n);
});

test("the free plan stops at 5 credits below zero and deploys nothing at 1 credit or less (A10)", () => {
  const free = DEFAULT_PLANS.find(({ planId }) => planId === "free");
  expect(free).toMatchObject({ negativeLimitMicro: 5_000_000n, deployFloorMicro: 1_000_000n });
});

test.each([
  ["300 credits", 300_000_000n, 30_000_000n, 6_000_000n],
  ["a grant that does not divide, rounded down", 59n, 5n, 1n],
  ["no grant", 0n, 0n, 0n],
])(
  "a paid plan's limit is 10 %% of its grant and its floor 2 %%: %s (A10)",
  (_, grantMicro, limitMicro, floorMicro) => {
    expect(paidPlan("p", "P", grantMicro, 7n)).toEqual({
      planId: "p",
      name: "P",
      negativeLimitMicro: limitMicro,
      deployFloorMicro: floorMicro,
      cycleCreditsMicro: grantMicro,
      cycleRuns: 7n,
    });
  },
);

test("all default plans have an id of their own and limits that are not below zero", () => {
  expect(new Set(DEFAULT_PLANS.map(({ planId }) => planId)).size).toBe(DEFAULT_PLANS.length);
  for (const plan of DEFAULT_PLANS) expect(plan.negativeLimitMicro >= 0n && plan.deployFloorMicro >= 0n).toBe(true);
});
