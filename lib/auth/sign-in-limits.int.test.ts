import { afterAll, beforeAll, expect, it } from "vitest";
import { checkPassword } from "@/lib/auth/check-password";
import { hashPassword } from "@/lib/auth/password";
import { People } from "@/lib/auth/people.fixture";
import { createSignInLimits, type SignInLimits } from "@/lib/auth/sign-in-limits";

let people: People;
beforeAll(async () => {
  people = await People.start();
});
afterAll(() => people.dispose());

/** Nine wrong passwords, counted without the work of looking at them. */
async function tryNineTimes(limits: SignInLimits, email: string): Promise<void> {
  for (let index = 1; index <= 9; index += 1)
    expect(await limits.admitPassword({ email, address: `192.0.2.${index}` })).toBe(true);
}

it("the eleventh password for an e-mail address is refused, right or wrong, from wherever it comes", async () => {
  const ports = { db: people.db, limits: createSignInLimits(people.db) };
  await people.person({ email: "ann@example.test", passwordHash: await hashPassword("right") });
  const attempt = (index: number, password: string) =>
    checkPassword(ports, { credentials: { email: "Ann@Example.Test ", password }, address: `198.51.100.${index}` });
  await tryNineTimes(ports.limits, "ann@example.test");
  expect(await attempt(10, "wrong")).toEqual({ refused: "wrong_password" });
  expect(await attempt(11, "wrong")).toEqual({ refused: "rate_limited" });
  expect(await attempt(12, "right")).toEqual({ refused: "rate_limited" });
});

it("an unknown address gets the answers of a known one, the limit included", async () => {
  const ports = { db: people.db, limits: createSignInLimits(people.db) };
  const attempt = () =>
    checkPassword(ports, {
      credentials: { email: "nobody@example.test", password: "guess" },
      address: "198.51.101.1",
    });
  await tryNineTimes(ports.limits, "nobody@example.test");
  expect(await attempt()).toEqual({ refused: "wrong_password" });
  expect(await attempt()).toEqual({ refused: "rate_limited" });
});

it("a right password is let in under any spelling of the address, and forgets the wrong ones before it", async () => {
  const ports = { db: people.db, limits: createSignInLimits(people.db) };
  const userId = await people.person({ email: "bea@example.test", passwordHash: await hashPassword("right") });
  const credentials = { email: " BEA@example.test", password: "right" };
  for (let round = 0; round < 2; round += 1) {
    await tryNineTimes(ports.limits, "bea@example.test");
    expect(await checkPassword(ports, { credentials, address: "198.51.102.1" })).toMatchObject({
      person: { id: userId },
    });
  }
});

it("a person without a password cannot be signed in by one", async () => {
  const ports = { db: people.db, limits: createSignInLimits(people.db) };
  await people.person({ email: "cleo@example.test" });
  for (const password of ["", "null", "guess"]) {
    const credentials = { email: "cleo@example.test", password };
    expect(await checkPassword(ports, { credentials, address: "198.51.103.1" })).toEqual({ refused: "wrong_password" });
  }
});

it("bad input is a wrong password, never an error", async () => {
  const ports = { db: people.db, limits: createSignInLimits(people.db) };
  const bad = [
    {},
    null,
    { email: "a\u0000@b.c", password: "x" },
    { email: "a".repeat(10_000), password: "x" },
    { email: "a@b.c", password: "x".repeat(10_000) },
  ];
  for (const credentials of bad) {
    expect(await checkPassword(ports, { credentials, address: "198.51.104.1" })).toEqual({ refused: "wrong_password" });
  }
});

it("the fifty-first attempt from one address is refused, whomever it tries", async () => {
  const limits = createSignInLimits(people.db);
  for (let index = 1; index <= 50; index += 1)
    expect(await limits.admitPassword({ email: `${index}@example.test`, address: "203.0.113.1" })).toBe(true);
  expect(await limits.admitPassword({ email: "51@example.test", address: "203.0.113.1" })).toBe(false);
  expect(await limits.admitLink({ email: "51@example.test", address: "203.0.113.1" })).toBe(false);
  expect(await limits.admitPassword({ email: "51@example.test", address: "203.0.113.2" })).toBe(true);
});

it("attempts at once, over several instances, are all counted", async () => {
  const instances = [createSignInLimits(people.db), createSignInLimits(people.db)];
  const attempts = Array.from({ length: 30 }, (_, index) =>
    instances[index % 2]?.admitPassword({ email: "race@example.test", address: `198.51.105.${index}` }),
  );
  expect((await Promise.all(attempts)).filter(Boolean)).toHaveLength(10);
});
