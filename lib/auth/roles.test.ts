import { expect, it } from "vitest";
import { canManage, seesBilling } from "@/lib/auth/roles";

it.each([
  ["owner", false, true],
  ["owner", true, true],
  ["admin", false, true],
  ["admin", true, true],
  ["member", false, false],
  ["member", true, true],
  ["viewer", false, false],
  ["viewer", true, false],
] as const)("%s, allowed %s, sees billing: %s (R1)", (role, allowed, sees) => {
  expect(seesBilling(role, allowed)).toBe(sees);
});

it.each([
  ["owner", true],
  ["admin", true],
  ["member", true],
  ["viewer", false],
] as const)("%s may deploy and undeploy: %s (R1)", (role, may) => {
  expect(canManage(role)).toBe(may);
});
