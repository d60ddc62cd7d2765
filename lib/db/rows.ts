import { DrizzleQueryError, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "@/lib/db/client";

/** Runs one statement. A failure is the database's own error: the query builder's would carry all parameters into the log. */
export async function run(db: Database, statement: SQL): Promise<unknown> {
  try {
    return await db.execute(statement);
  } catch (error) {
    throw error instanceof DrizzleQueryError ? (error.cause ?? error) : error;
  }
}

/** Runs one statement and parses its rows: what the driver hands over as text comes out as bigint, Date, number. */
export async function rows<Row extends z.ZodType>(db: Database, row: Row, statement: SQL): Promise<z.output<Row>[]> {
  const found = await run(db, statement);
  // After an answer that broke off, postgres.js 3.4.9 goes on counting in the next one: its rows are all there, behind holes.
  return z.array(row).parse(Array.isArray(found) ? found.filter(() => true) : found);
}

/** The one row that a statement returns; undefined when it returns none. */
export async function firstRow<Row extends z.ZodType>(
  db: Database,
  row: Row,
  statement: SQL,
): Promise<z.output<Row> | undefined> {
  return (await rows(db, row, statement))[0];
}

/** An instant as a parameter. Drizzle's driver takes text for them. */
export const at = (date: Date) => sql`${date.toISOString()}::timestamptz`;
export const json = (value: unknown) => sql`${JSON.stringify(value)}::jsonb`;

export const micro = z.coerce.bigint();
export const id = z.coerce.number().int();
/** Postgres writes an instant as "2026-01-31 12:00:00.5+00"; connections are in UTC. */
export const instant = z.string().transform((text) => new Date(text.replace(" ", "T").replace(/\+00$/, "Z")));
