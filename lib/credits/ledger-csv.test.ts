import { describe, expect, it } from "vitest";
import { csvText, plainCredits } from "./ledger-csv";

describe("the ledger as CSV", () => {
  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"])(
    "never hands a spreadsheet the formula %j (C6)",
    (typed) => {
      expect(csvText(typed).replace(/^"/, "").startsWith("'")).toBe(true);
    },
  );

  it("keeps commas, quotes and line breaks inside their cell", () => {
    expect(csvText('Order 7, "paid"\nby card')).toBe('"Order 7, ""paid""\nby card"');
  });

  it("leaves plain words alone", () => {
    expect(csvText("Order 1001")).toBe("Order 1001");
  });

  it("writes amounts exactly, with all six decimals and no groups (C1)", () => {
    expect(plainCredits(-1_234_500_001n)).toBe("-1234.500001");
    expect(plainCredits(-1n)).toBe("-0.000001");
    expect(plainCredits(0n)).toBe("0.000000");
  });
});
