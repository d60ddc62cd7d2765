import { describe, expect, test } from "vitest";
import {
  decideDeploy,
  decideFineTuning,
  decideRun,
  FINE_TUNING_FLOOR_MICRO,
  type GateState,
  STOPPED_MESSAGE,
} from "./gate";
import { RESOURCE_KINDS } from "./kinds";

const state = (over: Partial<GateState> = {}): GateState => ({
  remainingMicro: 75_000_000n,
  deployFloorMicro: 1_000_000n,
  remainingRuns: 10_000n,
  closed: false,
  ...over,
});
const refused = (code: string) => ({ allowed: false, code });
const ALLOWED = { allowed: true };
const HOSTED = RESOURCE_KINDS.filter((kind) => kind !== "workflow");

describe.each(HOSTED)("deploying a %s (A4)", (kind) => {
  test("is refused at the deploy floor and below, and allowed one micro-credit above it", () => {
    expect(decideDeploy(kind, state({ remainingMicro: 1_000_001n }))).toEqual(ALLOWED);
    expect(decideDeploy(kind, state({ remainingMicro: 1_000_000n }))).toEqual(refused("below_deploy_floor"));
    expect(decideDeploy(kind, state({ remainingMicro: 999_999n }))).toEqual(refused("below_deploy_floor"));
    expect(decideDeploy(kind, state({ remainingMicro: 1n }))).toEqual(refused("below_deploy_floor"));
  });

  test("is refused with nothing left or a debt, which is said as such (A2)", () => {
    expect(decideDeploy(kind, state({ remainingMicro: 0n }))).toEqual(refused("no_credits_left"));
    expect(decideDeploy(kind, state({ remainingMicro: -1n }))).toEqual(refused("no_credits_left"));
  });

  test("without a floor, needs more than nothing (A2)", () => {
    expect(decideDeploy(kind, state({ deployFloorMicro: 0n, remainingMicro: 1n }))).toEqual(ALLOWED);
    expect(decideDeploy(kind, state({ deployFloorMicro: 0n, remainingMicro: 0n }))).toEqual(refused("no_credits_left"));
  });

  test("is refused while the account is closed, however many credits there are (E4)", () => {
    expect(decideDeploy(kind, state({ closed: true }))).toEqual(refused("account_closed"));
    expect(decideDeploy(kind, state({ closed: true, remainingMicro: -1n }))).toEqual(refused("account_closed"));
  });

  test("does not need runs", () => {
    expect(decideDeploy(kind, state({ remainingRuns: 0n }))).toEqual(ALLOWED);
  });
});

describe("running workflows (A2)", () => {
  test("is allowed down to the last run, and refused without one", () => {
    expect(decideRun(state({ remainingRuns: 1n }), 1n)).toEqual(ALLOWED);
    expect(decideRun(state({ remainingRuns: 0n }), 1n)).toEqual(refused("no_runs_left"));
    expect(decideRun(state({ remainingRuns: 4n }), 5n)).toEqual(refused("no_runs_left"));
    expect(decideRun(state({ remainingRuns: 5n }), 5n)).toEqual(ALLOWED);
  });

  test("costs runs and not credits: neither a debt nor a closed account holds it back", () => {
    const inDebt = state({ closed: true, remainingMicro: -5_000_000n });
    expect(decideRun(inDebt, 1n)).toEqual(ALLOWED);
    expect(decideDeploy("workflow", inDebt)).toEqual(ALLOWED);
  });

  test("a workflow is not deployed without a run left", () => {
    expect(decideDeploy("workflow", state({ remainingRuns: 0n }))).toEqual(refused("no_runs_left"));
  });
});

test("the message of a stop is the one of A6, word for word", () => {
  expect(STOPPED_MESSAGE).toBe(
    "You've used all your available credits. Please add more credits to your account to continue.",
  );
});

describe("starting a fine-tuning job (A8)", () => {
  test("needs strictly more than 25 credits", () => {
    expect(decideFineTuning(state({ remainingMicro: FINE_TUNING_FLOOR_MICRO + 1n }))).toEqual(ALLOWED);
    expect(decideFineTuning(state({ remainingMicro: 25_000_000n }))).toEqual(refused("below_fine_tuning_floor"));
    expect(decideFineTuning(state({ remainingMicro: 1n }))).toEqual(refused("below_fine_tuning_floor"));
  });

  test("is refused with nothing left, and while the account is closed, which is said as such (A2, E4)", () => {
    expect(decideFineTuning(state({ remainingMicro: 0n }))).toEqual(refused("no_credits_left"));
    expect(decideFineTuning(state({ closed: true }))).toEqual(refused("account_closed"));
  });

  test("does not ask for the deploy floor or for runs", () => {
    expect(decideFineTuning(state({ deployFloorMicro: 60_000_000_000n, remainingRuns: 0n }))).toEqual(ALLOWED);
  });
});
