import type { Database } from "@/lib/db/client";

/** What every verb is given: the database, the time, and who acts ("podmeter" for the system itself). */
export type Context = { db: Database; now: Date; actor: string };

/** The same, for one account. Every query of such a verb carries its `accountId` (R2). */
export type AccountContext = Context & { accountId: number };
