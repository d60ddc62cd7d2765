import { describe, expect, it } from "vitest";
import { DARK, LIGHT } from "./theme";

/** Relative luminance of "#rrggbb", as WCAG 2 defines it. */
function luminance(colour: string): number {
  const channel = (from: number) => {
    const value = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

describe.each([
  ["light", LIGHT],
  ["dark", DARK],
])("the %s colours of a mail", (_scheme, colours) => {
  it.each([
    ["text", "card"],
    ["muted", "card"],
    ["link", "card"],
    ["muted", "page"],
    ["link", "page"],
    ["text", "code"],
    ["buttonText", "button"],
  ] as const)("keep %s on %s legible: 4.5:1 or more", (text, ground) => {
    expect(contrast(colours[text], colours[ground])).toBeGreaterThanOrEqual(4.5);
  });
});
