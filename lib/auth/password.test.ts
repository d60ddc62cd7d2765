import { describe, expect, it } from "vitest";
import { hashPassword, verifyPassword } from "@/lib/auth/password";

describe("passwords", () => {
  it("accepts the password that was hashed, and no other", async () => {
    const hash = await hashPassword("correct horse");
    expect(await verifyPassword("correct horse", hash)).toBe(true);
    expect(await verifyPassword("correct horsE", hash)).toBe(false);
    expect(await verifyPassword("", hash)).toBe(false);
  });

  it("hashes the same password differently each time, and keeps nothing of it in the hash", async () => {
    const [one, other] = await Promise.all([hashPassword("battery staple"), hashPassword("battery staple")]);
    expect(one).not.toBe(other);
    expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);
    expect(one).not.toContain("battery");
  });

  it("verifies a hash made with other parameters, as they stand in the hash", async () => {
    const weaker = "$scrypt$ln=4,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$098CWGqWb9qAJjJcRen8ZnDe-F7IJHZ2-f8_AvFDtO0";
    expect(await verifyPassword("older", weaker)).toBe(true);
    expect(await verifyPassword("elder", weaker)).toBe(false);
  });

  it("takes composed and decomposed letters for the same", async () => {
    expect(await verifyPassword("cafe\u0301", await hashPassword("caf\u00e9"))).toBe(true);
  });

  it.each([null, "", "plain", "$scrypt$ln=15,r=8,p=3$$", "$2b$10$abcdefghijklmnopqrstuv"])(
    "says no where there is no usable hash: %s",
    async (hash) => {
      expect(await verifyPassword("plain", hash)).toBe(false);
    },
  );
});
