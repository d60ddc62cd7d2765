import { describe, expect, test } from "vitest";
import { MICRO_PER_CREDIT, parseCredits } from "./amount";
import { burnedMicro, MS_PER_HOUR } from "./burn";
import { DEFAULT_PRICE_BOOK, profileTitle } from "./price-book";

/** SPEC's table, row by row and written out: kind, profile, credits per hour and replica. */
const TABLE = [
  ["script", "1 vCPU, 2 GB", "0.07698"],
  ["script", "2 vCPU, 4 GB", "0.15396"],
  ["script", "2 vCPU, 8 GB", "0.144"],
  ["script", "4 vCPU, 8 GB", "0.30792"],
  ["script", "4 vCPU, 16 GB", "0.288"],
  ["model", "T4 ×1", "1.428"],
  ["model", "T4 ×4", "6.168"],
  ["model", "T4 ×8", "12.036"],
  ["model", "A10 ×1", "2.118"],
  ["model", "A10 ×4", "8.808"],
  ["model", "A10 ×8", "24.732"],
  ["model", "A100 ×1", "6.000"],
  ["model", "A100 ×8", "48.000"],
  ["guardrail", "2 vCPU, 8 GB", "0.144"],
  ["ocr", "4 vCPU, 16 GB", "0.288"],
  ["browser", "4 vCPU, 16 GB", "0.288"],
  ["browser", "8 vCPU, 32 GB", "0.576"],
] as const;

describe("the default price book (P)", () => {
  test("is SPEC's table, no row more and none less", () => {
    const book = DEFAULT_PRICE_BOOK.map((profile) => [
      profile.kind,
      profileTitle(profile),
      profile.creditsPerHourMicro,
    ]);
    expect(book).toEqual(TABLE.map(([kind, title, credits]) => [kind, title, parseCredits(credits)]));
  });

  test.each(TABLE)("an hour of one replica of %s, %s costs %s credits", (kind, title, credits) => {
    const profile = DEFAULT_PRICE_BOOK.find((one) => one.kind === kind && profileTitle(one) === title);
    expect(burnedMicro(profile?.creditsPerHourMicro ?? 0n, 0, MS_PER_HOUR)).toBe(parseCredits(credits));
  });

  test("each profile has an id of its own", () => {
    expect(new Set(DEFAULT_PRICE_BOOK.map(({ profileId }) => profileId)).size).toBe(TABLE.length);
  });

  test("GPUs belong to models, and to all of them", () => {
    for (const { kind, gpuType, gpuCount } of DEFAULT_PRICE_BOOK) {
      expect([gpuType !== null, gpuCount > 0]).toEqual([kind === "model", kind === "model"]);
    }
  });

  test("no price is zero, and none is more than the database takes", () => {
    for (const { creditsPerHourMicro } of DEFAULT_PRICE_BOOK) {
      expect(creditsPerHourMicro > 0n && creditsPerHourMicro <= 1_000_000n * MICRO_PER_CREDIT).toBe(true);
    }
  });
});
