/**
 * What a complete observation of the platform means for the running intervals on record (SPEC C2, C4, C5, E1). Pure:
 * the driver observes, this decides, one function call in the database writes.
 */
export type PodKey = { accountId: number; deploymentId: number; podUid: string; startedAtMs: number };

export type RecordedPod = PodKey;

export type SeenPod = {
  accountId: number;
  deploymentId: number;
  podUid: string;
  phase: "pending" | "running" | "finished";
  startedAtMs: number | null;
  finishedAtMs: number | null;
};

/** An interval to write. `endedAtMs` null: it runs. */
export type Interval = PodKey & { endedAtMs: number | null };

export type Observation = {
  observedAtMs: number;
  pods: readonly SeenPod[];
};

export type Reconciliation = {
  opens: Interval[];
  closes: (PodKey & { endedAtMs: number })[];
};

/**
 * @param open the intervals on record as running, all of the platform
 * @param known keys of finished pods whose interval is on record already, see `intervalKey`
 * @param lastSeenMs when the platform was last seen complete before this observation; null for the first time
 *
 * - A pod that runs and has no interval gets one from its own start, however long ago. (C2)
 * - A pod that started and ended between two observations gets a closed one. (C2)
 * - A pod on record that is gone ends at its reported end, or with none reported when it was last seen alive. (C5)
 * - A pod on record that started after this observation began, or in the same millisecond, is not judged by it: it may be missing.
 * - Pending pods are nothing. (C4)
 */
export function reconcile(
  open: readonly RecordedPod[],
  known: ReadonlySet<string>,
  observation: Observation,
  lastSeenMs: number | null,
): Reconciliation {
  const seen = new Map<string, SeenPod>();
  for (const pod of observation.pods) {
    if (pod.phase !== "pending" && pod.startedAtMs !== null) seen.set(intervalKey(pod.podUid, pod.startedAtMs), pod);
  }
  const recorded = new Set(open.map((pod) => intervalKey(pod.podUid, pod.startedAtMs)));

  const opens: Interval[] = [];
  for (const [key, pod] of seen) {
    if (recorded.has(key) || known.has(key) || pod.startedAtMs === null) continue;
    // Never seen alive and no end on record: nothing proves that it ran for any time at all. (C5)
    const endedAtMs = pod.phase === "running" ? null : Math.max(pod.startedAtMs, pod.finishedAtMs ?? pod.startedAtMs);
    opens.push({
      accountId: pod.accountId,
      deploymentId: pod.deploymentId,
      podUid: pod.podUid,
      startedAtMs: pod.startedAtMs,
      endedAtMs,
    });
  }

  const closes: Reconciliation["closes"] = [];
  for (const pod of open) {
    const now = seen.get(intervalKey(pod.podUid, pod.startedAtMs));
    if (now?.phase === "running" || pod.startedAtMs >= observation.observedAtMs) continue;
    const endedAtMs = Math.max(pod.startedAtMs, now?.finishedAtMs ?? lastSeenMs ?? pod.startedAtMs);
    closes.push({ ...pod, endedAtMs });
  }
  return { opens, closes };
}

/** One running interval's identity: the pod's own uid and its start, never a name. */
export function intervalKey(podUid: string, startedAtMs: number): string {
  return `${podUid}@${startedAtMs}`;
}
