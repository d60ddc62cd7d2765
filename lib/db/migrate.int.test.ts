import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/test/database";
import { migrateDatabase } from "./migrate";

let database: TestDatabase;
let sql: postgres.Sql;
beforeAll(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});

test("several instances may bring an empty database up to date at once (O4)", async () => {
  await sql`drop schema public cascade`;
  await sql`create schema public`;
  await sql`drop schema drizzle cascade`;
  await sql`drop schema engine cascade`;
  await sql`drop schema bullmq cascade`;
  await Promise.all([1, 2, 3].map(() => migrateDatabase(database.url)));
  const [row] =
    await sql`select (select count(*) from plan) as plans, (select count(*) from price) as prices, to_regproc('engine.tick') is not null as engine`;
  expect(row).toEqual({ plans: "3", prices: "17", engine: true });
});

test("what an operator changed stays when a newer version starts (O4)", async () => {
  await sql`update plan set negative_limit_micro = 7 where plan_id = 'free'`;
  await sql`comment on schema engine is 'another version of the functions'`;
  await migrateDatabase(database.url);
  const [row] =
    await sql`select negative_limit_micro, to_regproc('engine.tick') is not null as engine from plan where plan_id = 'free'`;
  expect(row).toEqual({ negative_limit_micro: "7", engine: true });
});

test("a database of a newer version is refused, and nothing in it is changed (O4)", async () => {
  await sql`comment on schema engine is 'of a newer version'`;
  await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', ${Date.now() + 1e12})`;
  await expect(migrateDatabase(database.url)).rejects.toMatchObject({ code: "database_newer" });
  const [row] = await sql`select obj_description(to_regnamespace('engine')) as functions`;
  expect(row).toEqual({ functions: "of a newer version" });
});
