import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { removeEmbeddedPostgresData, startEmbeddedPostgres } from "@/launch/embedded-postgres";
import { type Database, openDatabase } from "@/lib/db/client";
import { migrateDatabase } from "@/lib/db/migrate";
import { firstRow } from "@/lib/db/rows";

export type BenchServer = {
  postgresVersion: string;
  /** Works on a new, migrated, empty database, over one connection like one worker. */
  onNewDatabase<Result>(name: string, work: (db: Database) => Promise<Result>): Promise<Result>;
  stop(): Promise<void>;
};

/** A PostgreSQL with its default settings and with fsync: what a commit costs is part of what is compared. */
export async function startBenchServer(): Promise<BenchServer> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "podmeter-bench-"));
  const remove = () => removeEmbeddedPostgresData(dataDir);
  process.once("exit", remove);
  const server = await startEmbeddedPostgres({ dataDir, durable: true });
  const maintenance = openDatabase(databaseUrl(server.url, "postgres"), { max: 1 });
  await migrateDatabase(server.url);
  // The bench vacuums by itself, between what it measures.
  await maintenance.db.execute(sql`alter system set autovacuum = off`);
  await maintenance.db.execute(sql`select pg_reload_conf()`);
  const version = await firstRow(maintenance.db, z.object({ server_version: z.string() }), sql`show server_version`);
  return {
    postgresVersion: version?.server_version ?? "unknown",
    async onNewDatabase(name, work) {
      await maintenance.db.execute(sql.raw(`create database ${name} template podmeter`));
      const { db, close } = openDatabase(databaseUrl(server.url, name), { max: 1 });
      try {
        return await work(db);
      } finally {
        await close();
        await maintenance.db.execute(sql.raw(`drop database ${name} with (force)`));
      }
    },
    async stop() {
      await maintenance.close();
      await server.stop();
      process.off("exit", remove);
      remove();
    },
  };
}

function databaseUrl(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).href;
}
