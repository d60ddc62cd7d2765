import { describe, expect, it } from "vitest";
import { instantAfterDay, instantOfLocal, isoInZone } from "./local-time";

describe("dates and times as forms send them", () => {
  it("are instants of the account's time zone (C6)", () => {
    expect(instantOfLocal("2026-07-01T12:00", "Europe/Berlin")?.toISOString()).toBe("2026-07-01T10:00:00.000Z");
    expect(instantOfLocal("2026-07-01T12:00:30.250", "Asia/Kolkata")?.toISOString()).toBe("2026-07-01T06:30:30.250Z");
    expect(instantOfLocal("2026-07-01", "America/New_York")?.toISOString()).toBe("2026-07-01T04:00:00.000Z");
  });

  it("a range's last day ends where the next begins, also when the clocks change", () => {
    expect(instantAfterDay("2026-03-29", "Europe/Berlin")?.toISOString()).toBe("2026-03-29T22:00:00.000Z");
    expect(instantAfterDay("2026-12-31", "UTC")?.toISOString()).toBe("2027-01-01T00:00:00.000Z");
  });

  it.each([
    "",
    "tomorrow",
    "2026-02-30",
    "2026-13-01",
    "0000-01-01",
    "+275760-09-13",
    "2026-07-01T25:00",
    "2026-07-01Z",
  ])("%j is none", (text) => {
    expect(instantOfLocal(text, "UTC")).toBeNull();
    expect(instantAfterDay(text, "UTC")).toBeNull();
  });

  it("are written with their offset", () => {
    expect(isoInZone(new Date("2026-07-01T10:00:00.250Z"), "Europe/Berlin")).toBe("2026-07-01T12:00:00.250+02:00");
  });
});
