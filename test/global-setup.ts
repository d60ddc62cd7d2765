import { randomBytes } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { removeEmbeddedPostgresData, startEmbeddedPostgres } from "@/launch/embedded-postgres";
import { migrateDatabase } from "@/lib/db/migrate";

declare module "vitest" {
  interface ProvidedContext {
    /** The server's maintenance database: databases are made and dropped from here. */
    postgresUrl: string;
    /** Migrated and closed for connections; the databases of test files are copies of it. */
    templateDatabase: string;
    /** Starts the name of each database of this run, so that the end of the run finds what a crashed file left. */
    databasePrefix: string;
  }
}

/** One PostgreSQL for the run: TEST_DATABASE_URL's if it is set (its user must be allowed to create databases), else our own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const server = given ? { url: given, stop: async () => {} } : await startOwnServer();
  const databasePrefix = `podmeter_test_${randomBytes(4).toString("hex")}`;
  const templateDatabase = `${databasePrefix}_template`;
  const postgresUrl = databaseUrl(server.url, "postgres");
  try {
    await withServer(postgresUrl, (sql) => sql.unsafe(`CREATE DATABASE ${templateDatabase}`));
    await migrateDatabase(databaseUrl(server.url, templateDatabase));
    await withServer(postgresUrl, (sql) => sql.unsafe(`ALTER DATABASE ${templateDatabase} ALLOW_CONNECTIONS false`));
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide("postgresUrl", postgresUrl);
  project.provide("templateDatabase", templateDatabase);
  project.provide("databasePrefix", databasePrefix);
  return async () => {
    if (given) await withServer(postgresUrl, (sql) => dropAll(sql, databasePrefix));
    await server.stop();
  };
}

async function startOwnServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "podmeter-test-"));
  const remove = () => removeEmbeddedPostgresData(dataDir);
  // An interrupted run calls no teardown. The server then ends by itself, and its data are worth nothing.
  process.once("exit", remove);
  const server = await startEmbeddedPostgres({ dataDir, durable: false });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      process.off("exit", remove);
      remove();
    },
  };
}

async function dropAll(sql: postgres.Sql, prefix: string): Promise<void> {
  const left = await sql<{ datname: string }[]>`SELECT datname FROM pg_database WHERE starts_with(datname, ${prefix})`;
  for (const { datname } of left) await sql.unsafe(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
}

function databaseUrl(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).href;
}

async function withServer(url: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
