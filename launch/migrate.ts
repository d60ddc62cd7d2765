import { existsSync } from "node:fs";
import { migrateDatabase } from "@/lib/db/migrate";
import { env } from "@/lib/env";
import { PodmeterError } from "@/lib/errors";

/** `npm run migrate`: brings the database of DATABASE_URL up to this version. */
if (existsSync(".env")) process.loadEnvFile();
try {
  await migrateDatabase(env().DATABASE_URL);
  console.log("The database is up to date.");
} catch (error) {
  console.error(error instanceof PodmeterError ? error.message : error);
  process.exitCode = 1;
}
