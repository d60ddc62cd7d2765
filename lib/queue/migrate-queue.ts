import { runMigrations } from "bullmq";
import pg from "pg";

/** Brings BullMQ's own schema up to date. Before any Queue or Worker is made: one on a schema that is not there spins. */
export async function migrateQueue(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await runMigrations(client, "bullmq");
  } finally {
    await client.end();
  }
}
