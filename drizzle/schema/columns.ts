import { bigint, timestamp } from "drizzle-orm/pg-core";

/** Instants: to the millisecond, with zone, as Date. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: "date" });
/** Amounts: micro-credits, or whole runs. */
export const amount = (name: string) => bigint(name, { mode: "bigint" });
/** Identities: counted by the database, far below 2^53. */
export const identity = (name: string) => bigint(name, { mode: "number" });
