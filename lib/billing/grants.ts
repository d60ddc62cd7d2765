/**
 * Grants (SPEC C7, A7, A9), for one meter: amounts are micro-credits or runs. What was taken from which grant is not stored but replayed
 * over time from the grants and from what was consumed until when. So it depends neither on when anything was recorded nor on how
 * often anybody looked, and it can never disagree with the ledger.
 */
export type Grant = {
  grantId: number;
  amount: bigint;
  inForceFromMs: number;
  /** Half-open: at this instant it is over. Null: never. */
  expiresAtMs: number | null;
};

/** What was taken from a grant in [fromMs, toMs). Of grant null: of none, it is owed. */
export type Draw = { grantId: number | null; fromMs: number; toMs: number; amount: bigint };

export type GrantReplay = {
  /** Left of each grant that is in force at the end of the replay. */
  left: ReadonlyMap<number, bigint>;
  /** What each grant had left at its expiry. */
  expired: ReadonlyMap<number, bigint>;
  /** What of each grant went into debts that were there before it (A7). */
  debtPaid: ReadonlyMap<number, bigint>;
  owed: bigint;
  /** In the order of time; a debt that was paid later counts for the grant that paid it. */
  draws: Draw[];
};

/** Everything that was consumed before an instant, from the account's beginning. */
export type ConsumedBefore = (atMs: number) => bigint;

/** The instants at which `replayGrants` asks what was consumed, in order: beginnings and ends of grants, the cuts, the end. */
export function replayInstants(grants: readonly Grant[], untilMs: number, cutsMs: readonly number[] = []): number[] {
  const instants = [
    ...grants.flatMap((grant) => [grant.inForceFromMs, grant.expiresAtMs ?? untilMs]),
    ...cutsMs,
    untilMs,
  ];
  return [...new Set(instants)].filter((ms) => ms <= untilMs).sort((a, b) => a - b);
}

/**
 * Takes what was consumed from the grants: soonest-expiring first, never-expiring last, older first (C7). What no grant covers is owed;
 * the next grant pays it first (A7). What a correction gives back returns to the grants that it was taken from last. At an
 * instant, ends come before beginnings. `cutsMs` only cut the draws; they change no sum.
 */
export function replayGrants(
  grants: readonly Grant[],
  consumedBefore: ConsumedBefore,
  untilMs: number,
  cutsMs: readonly number[] = [],
): GrantReplay {
  const active: { grant: Grant; left: bigint }[] = [];
  const draws: Draw[] = [];
  const expired = new Map<number, bigint>();
  const debtPaid = new Map<number, bigint>();
  let fromMs = Number.NEGATIVE_INFINITY;
  let consumed = 0n;
  /** Given back beyond all that was ever taken: pays for what comes next. */
  let surplus = 0n;

  for (const atMs of replayInstants(grants, untilMs, cutsMs)) {
    const consumedNow = consumedBefore(atMs);
    surplus = take(active, expired, draws, consumedNow - consumed - surplus, fromMs, atMs);
    consumed = consumedNow;
    fromMs = atMs;
    for (const ended of active.filter(({ grant }) => grant.expiresAtMs === atMs)) {
      expired.set(ended.grant.grantId, ended.left);
      active.splice(active.indexOf(ended), 1);
    }
    for (const grant of grants.filter((candidate) => candidate.inForceFromMs === atMs).sort(byAge)) {
      const begun = { grant, left: grant.amount };
      debtPaid.set(grant.grantId, payDebt(draws, begun));
      if (grant.expiresAtMs !== null && grant.expiresAtMs <= atMs) expired.set(grant.grantId, begun.left);
      else active.push(begun);
    }
    active.sort((a, b) => expiryOf(a.grant) - expiryOf(b.grant) || byAge(a.grant, b.grant));
  }
  const standing = draws.filter((draw) => draw.amount > 0n);
  return {
    left: new Map(active.map(({ grant, left }) => [grant.grantId, left])),
    expired,
    debtPaid,
    owed: sum(standing.filter((draw) => draw.grantId === null).map((draw) => draw.amount)),
    draws: standing,
  };
}

/**
 * Whose draws are whose: the draws of an hour, dealt out in order to the ledger lines that charged it. What a correction of the same hour gave
 * back is missing from the last lines' parts. (C6)
 */
export function shareDraws(
  draws: readonly Draw[],
  lines: readonly { seq: number; amount: bigint }[],
): Map<number, { grantId: number | null; amount: bigint }[]> {
  const rest = draws.map((draw) => ({ grantId: draw.grantId, amount: draw.amount }));
  const shares = new Map<number, { grantId: number | null; amount: bigint }[]>();
  for (const line of lines) {
    let open = line.amount;
    const parts: { grantId: number | null; amount: bigint }[] = [];
    for (const draw of rest) {
      const part = smaller(open, draw.amount);
      if (part <= 0n) continue;
      draw.amount -= part;
      open -= part;
      parts.push({ grantId: draw.grantId, amount: part });
    }
    shares.set(line.seq, parts);
  }
  return shares;
}

/**
 * The allocation (glossary): the sum of the grants in force. A grant that had nothing left when the present cycle began belongs to the past
 * and is not counted, else a percentage would mean less with every top-up.
 */
export function allocationOf(
  grants: readonly Grant[],
  leftAtCycleStart: ReadonlyMap<number, bigint>,
  cycleStartedAtMs: number,
  nowMs: number,
): bigint {
  return sum(
    grants
      .filter((grant) => grant.inForceFromMs <= nowMs && (grant.expiresAtMs === null || grant.expiresAtMs > nowMs))
      .filter((grant) => grant.inForceFromMs >= cycleStartedAtMs || (leftAtCycleStart.get(grant.grantId) ?? 0n) > 0n)
      .map((grant) => grant.amount),
  );
}

const expiryOf = (grant: Grant) => grant.expiresAtMs ?? Number.MAX_SAFE_INTEGER;
const byAge = (a: Grant, b: Grant) => a.inForceFromMs - b.inForceFromMs || a.grantId - b.grantId;
const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
const smaller = (a: bigint, b: bigint) => (a < b ? a : b);

/** Returns what could not be given back, because nothing was taken. */
function take(
  active: { grant: Grant; left: bigint }[],
  expired: Map<number, bigint>,
  draws: Draw[],
  amount: bigint,
  fromMs: number,
  toMs: number,
): bigint {
  if (amount < 0n) return giveBack(active, expired, draws, -amount);
  let open = amount;
  for (const source of active) {
    const taken = smaller(open, source.left);
    source.left -= taken;
    open -= taken;
    draws.push({ grantId: source.grant.grantId, fromMs, toMs, amount: taken });
  }
  draws.push({ grantId: null, fromMs, toMs, amount: open });
  return 0n;
}

function payDebt(draws: Draw[], payer: { grant: Grant; left: bigint }): bigint {
  let paid = 0n;
  for (const debt of draws.filter((draw) => draw.grantId === null && draw.amount > 0n)) {
    const part = smaller(debt.amount, payer.left);
    payer.left -= part;
    debt.amount -= part;
    paid += part;
    draws.push({ ...debt, grantId: payer.grant.grantId, amount: part });
  }
  return paid;
}

function giveBack(
  active: { grant: Grant; left: bigint }[],
  expired: Map<number, bigint>,
  draws: Draw[],
  amount: bigint,
): bigint {
  let open = amount;
  for (const draw of [...draws].sort(
    (a, b) => b.toMs - a.toMs || Number(b.grantId === null) - Number(a.grantId === null),
  )) {
    const back = smaller(open, draw.amount);
    draw.amount -= back;
    open -= back;
    const source = active.find(({ grant }) => grant.grantId === draw.grantId);
    if (source) source.left += back;
    // As if it had never been used: a grant that is over had that much more left at its end.
    else if (draw.grantId !== null) expired.set(draw.grantId, (expired.get(draw.grantId) ?? 0n) + back);
  }
  return open;
}
