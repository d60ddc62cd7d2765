import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { z } from "zod";
import { installDefaults } from "@/lib/credits/install-defaults";
import { PodmeterError } from "@/lib/errors";
import { migrateQueue } from "@/lib/queue/migrate-queue";

const root = path.resolve(import.meta.dirname, "../../drizzle");
const journal = z.object({ entries: z.array(z.object({ when: z.number(), tag: z.string() })) });

/**
 * Brings a database up to this version: tables by migrations, then the functions of drizzle/functions, which are replaced as a whole when
 * any of them changed, then the default price book, plans, and the queue's own
 * schema. Safe with several instances at once (O4): one works under a lock, the others wait and find it done.
 * A database of a newer version is refused and left as it is.
 */
export async function migrateDatabase(databaseUrl: string): Promise<void> {
  const client = postgres(databaseUrl, { max: 1, connect_timeout: 10, onnotice: () => {} });
  try {
    await client`select pg_advisory_lock(7100)`;
    await refuseNewer(client);
    await migrate(drizzle(client), { migrationsFolder: path.join(root, "migrations") });
    await replaceFunctions(client);
    await installDefaults(drizzle(client));
    await migrateQueue(databaseUrl);
  } finally {
    await client.end({ timeout: 5 });
  }
}

async function refuseNewer(client: postgres.Sql): Promise<void> {
  const [found] = await client`select to_regclass('drizzle.__drizzle_migrations') is not null as exists`;
  if (!found?.exists) return;
  const { entries } = journal.parse(
    JSON.parse(await readFile(path.join(root, "migrations/meta/_journal.json"), "utf8")),
  );
  const known = Math.max(...entries.map((entry) => entry.when));
  const [newest] = await client`select max(created_at)::bigint as at from drizzle.__drizzle_migrations`;
  if (Number(newest?.at ?? 0) > known) {
    throw new PodmeterError(
      "database_newer",
      "This database was made by a newer version of Podmeter, and this version does not know its tables. Nothing was changed. Start the newer version, or point DATABASE_URL at another database.",
    );
  }
}

/** All functions live in the schema `engine`, so that replacing them touches nothing else. */
async function replaceFunctions(client: postgres.Sql): Promise<void> {
  const folder = path.join(root, "functions");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  const source = (await Promise.all(names.map((name) => readFile(path.join(folder, name), "utf8")))).join("\n");
  const hash = createHash("sha256").update(source).digest("hex");
  const [current] = await client`select obj_description(to_regnamespace('engine')) as hash`;
  if (current?.hash === hash) return;
  await client.unsafe(
    `begin; drop schema if exists engine cascade; create schema engine; set local search_path = engine, public; ${source}; comment on schema engine is '${hash}'; commit;`,
  );
}
