import { describe, expect, it } from "vitest";
import { safeNextPath, signInPath } from "@/lib/auth/next-path";

describe("where a sign-in leads", () => {
  it.each(["/deployments", "/settings/billing/usage?range=7d#trend", "/ops/queues/queue/mail"])(
    "%s is a page of ours",
    (path) => {
      expect(safeNextPath(path)).toBe(path);
    },
  );

  it.each([
    undefined,
    ["/a", "/b"],
    "",
    "deployments",
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/%2e//evil.example",
    "javascript:alert(1)",
    "/api/auth/callback/email",
    "/sign-in?next=/sign-in",
  ])("%j leads home, never to another host, nor in circles", (wanted) => {
    expect(safeNextPath(wanted)).toBe("/");
  });

  it("carries the page that was asked for", () => {
    expect(signInPath("/deployments?page=2")).toBe("/sign-in?next=%2Fdeployments%3Fpage%3D2");
    expect(signInPath("/")).toBe("/sign-in");
  });
});
