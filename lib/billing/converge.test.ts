import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Convergence, converge, type ObservedReplica, type WantedDeployment } from "./converge";

const REF = { accountId: 1, deploymentId: 2 };
const wanted = (over: Partial<WantedDeployment> = {}): WantedDeployment => ({
  ...REF,
  wanted: "running",
  status: "deployed",
  replicas: 1,
  ...over,
});
const pod = (over: Partial<ObservedReplica> = {}): ObservedReplica => ({
  ...REF,
  podUid: "a",
  replicaIndex: 0,
  phase: "running",
  startedAtMs: 1_000,
  finishedAtMs: null,
  endpoint: "http://127.0.0.1:9000",
  ...over,
});
const NOTHING: Convergence = { ready: [], gone: [], back: [], missing: [] };
const stopping = wanted({ wanted: "stopped", status: "stopping" });

describe("deployments that shall run (D1)", () => {
  test("one that runs as it should needs nothing", () => {
    expect(converge([wanted()], [pod()])).toEqual(NOTHING);
  });

  test("one that deploys is ready once a replica answers, and not before", () => {
    const deploying = wanted({ status: "deploying" });
    expect(converge([deploying], [pod({ endpoint: null })])).toEqual(NOTHING);
    expect(converge([deploying], [pod({ phase: "pending", startedAtMs: null })])).toEqual(NOTHING);
    expect(converge([deploying], [pod()]).ready).toEqual([{ ...REF, endpoint: "http://127.0.0.1:9000" }]);
  });

  test("it is told by its first replica that answers, and of that by the newest run", () => {
    const pods = [
      pod({ replicaIndex: 2, endpoint: "http://127.0.0.1:9002" }),
      pod({ replicaIndex: 1, startedAtMs: 1_000, endpoint: "http://127.0.0.1:9001" }),
      pod({ replicaIndex: 1, startedAtMs: 2_000, endpoint: "http://127.0.0.1:9011" }),
      pod({ replicaIndex: 0, endpoint: null }),
    ];
    const { ready } = converge([wanted({ status: "deploying", replicas: 3 })], pods);
    expect(ready).toEqual([{ ...REF, endpoint: "http://127.0.0.1:9011" }]);
  });

  test("one with fewer pods than it should have lacks some; pods that start count, pods that ended do not (D2)", () => {
    const two = wanted({ replicas: 2 });
    expect(converge([two], [pod()]).missing).toEqual([REF]);
    expect(converge([two], [pod(), pod({ podUid: "b", phase: "finished" })]).missing).toEqual([REF]);
    expect(converge([two], [pod(), pod({ podUid: "b", phase: "pending" })]).missing).toEqual([]);
    expect(converge([two], []).missing).toEqual([REF]);
  });
});

describe("deployments that shall not run (E3)", () => {
  test.each(["running", "pending"] as const)("a stop is not proven while a pod is %s", (phase) => {
    expect(converge([stopping], [pod({ phase })])).toEqual(NOTHING);
  });

  test("a stop is proven when nothing is left, or only what has finished", () => {
    expect(converge([stopping], []).gone).toEqual([REF]);
    expect(converge([stopping], [pod({ phase: "finished", finishedAtMs: 2_000 })]).gone).toEqual([REF]);
  });

  test("a stop is not undone: what is wanted stopped is neither ready nor missing pods", () => {
    expect(converge([wanted({ wanted: "stopped", status: "deploying" })], [pod()])).toEqual(NOTHING);
  });

  test("pods that nobody wants are back, once for all of them; finished ones are not (E3)", () => {
    expect(converge([], [pod(), pod({ podUid: "b", replicaIndex: 1 })]).back).toEqual([REF]);
    expect(converge([], [pod({ phase: "finished" })])).toEqual(NOTHING);
  });

  test("a deployment of another account with the same number is another one (R2)", () => {
    const result = converge([stopping], [pod({ accountId: 7 })]);
    expect(result).toEqual({ ...NOTHING, gone: [REF], back: [{ accountId: 7, deploymentId: 2 }] });
  });
});

describe("in whatever state deployments and pods are", () => {
  const ref = { accountId: fc.integer({ min: 1, max: 2 }), deploymentId: fc.integer({ min: 1, max: 4 }) };
  const deployments: fc.Arbitrary<WantedDeployment[]> = fc.uniqueArray(
    fc.record({
      ...ref,
      wanted: fc.constantFrom("running" as const, "stopped" as const),
      status: fc.constantFrom("deploying" as const, "deployed" as const, "stopping" as const),
      replicas: fc.integer({ min: 1, max: 3 }),
    }),
    { selector: ({ accountId, deploymentId }) => `${accountId}/${deploymentId}` },
  );
  const pods: fc.Arbitrary<ObservedReplica[]> = fc.uniqueArray(
    fc.record({
      ...ref,
      podUid: fc.uuid(),
      replicaIndex: fc.integer({ min: 0, max: 2 }),
      phase: fc.constantFrom("pending" as const, "running" as const, "finished" as const),
      startedAtMs: fc.nat(),
      finishedAtMs: fc.constant(null),
      endpoint: fc.option(fc.webUrl()),
    }),
    { selector: ({ startedAtMs }) => startedAtMs },
  );
  const asSets = (result: Convergence) =>
    Object.fromEntries(
      Object.entries(result).map(([name, refs]) => [name, new Set(refs.map((item) => JSON.stringify(item)))]),
    );

  test("neither the order of pods nor that of deployments matters", () => {
    fc.assert(
      fc.property(deployments, pods, (known, seen) => {
        expect(asSets(converge([...known].reverse(), [...seen].reverse()))).toEqual(asSets(converge(known, seen)));
      }),
    );
  });

  test("nothing is named twice, only the unwanted is gone or back, and gone is proven by no living pod", () => {
    fc.assert(
      fc.property(deployments, pods, (known, seen) => {
        const result = converge(known, seen);
        const find = (one: { accountId: number; deploymentId: number }) =>
          known.find(({ accountId, deploymentId }) => accountId === one.accountId && deploymentId === one.deploymentId);
        const lives = (one: { accountId: number; deploymentId: number }) =>
          seen.some(
            (item) =>
              item.accountId === one.accountId && item.deploymentId === one.deploymentId && item.phase !== "finished",
          );
        const names = Object.values(asSets(result)).map(({ size }) => size);
        expect(names).toEqual(Object.values(result).map(({ length }) => length));
        for (const one of result.gone) expect([find(one)?.wanted, lives(one)]).toEqual(["stopped", false]);
        for (const one of result.back) expect([find(one), lives(one)]).toEqual([undefined, true]);
        for (const one of [...result.ready, ...result.missing]) expect(find(one)?.wanted).toBe("running");
      }),
    );
  });
});
