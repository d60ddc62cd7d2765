import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";

/**
 * The database. There are no client-side transactions: whatever must be atomic is one statement or one function of
 * drizzle/functions. That is one round trip, and a backend that dies in it leaves nothing half done and no connection hanging.
 */
export type Database = PostgresJsDatabase;

export type OpenDatabase = { db: Database; close(): Promise<void> };

export function openDatabase(url: string, options: { max?: number } = {}): OpenDatabase {
  const client = postgres(url, {
    max: options.max ?? 10,
    connect_timeout: 10,
    onnotice: () => {},
    connection: { search_path: "engine,public", TimeZone: "UTC" },
  });
  return { db: drizzle(client), close: () => client.end({ timeout: 5 }) };
}
