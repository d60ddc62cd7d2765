import type { CSSProperties } from "react";
import type { RemainingState } from "@/lib/billing/thresholds";

/**
 * Styles stand on the elements, since many mail programs drop style sheets; the sheet below only turns them dark, by
 * class. All pairs of text and ground have a contrast of 4.5:1 or more, in both schemes.
 */
const FONT = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";
const MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace";

export const LIGHT = {
  page: "#f3f4f6",
  card: "#ffffff",
  text: "#16191f",
  muted: "#545b66",
  line: "#dfe3e8",
  code: "#f3f4f6",
  link: "#0b57c2",
  button: "#14305c",
  buttonText: "#ffffff",
};
export const DARK: typeof LIGHT = {
  page: "#0e1116",
  card: "#171b22",
  text: "#eceff3",
  muted: "#a7b0bd",
  line: "#2e3541",
  code: "#0e1116",
  link: "#8ab8ff",
  button: "#8ab8ff",
  buttonText: "#0b1626",
};

/** The bar's colour; the figure beside it says the same in words. */
export const BAR_COLOURS: Record<RemainingState, string> = {
  plenty: "#1e8e4f",
  some: "#b97509",
  little: "#cf3636",
  none: "#cf3636",
};

export const STYLES = {
  page: { backgroundColor: LIGHT.page, color: LIGHT.text, fontFamily: FONT, margin: 0, padding: "24px 12px" },
  wordmark: { color: LIGHT.muted, fontSize: "14px", fontWeight: 600, lineHeight: "20px", margin: "0 0 12px" },
  card: {
    backgroundColor: LIGHT.card,
    border: `1px solid ${LIGHT.line}`,
    borderRadius: "8px",
    borderCollapse: "separate",
    padding: "24px 20px",
  },
  headline: { color: LIGHT.text, fontSize: "22px", fontWeight: 650, lineHeight: "29px", margin: "0 0 12px" },
  heading: { color: LIGHT.text, fontSize: "15px", fontWeight: 650, lineHeight: "22px", margin: "24px 0 6px" },
  text: { color: LIGHT.text, fontSize: "15px", lineHeight: "23px", margin: "0 0 10px", overflowWrap: "anywhere" },
  list: { color: LIGHT.text, fontSize: "15px", lineHeight: "23px", margin: 0, paddingLeft: "20px" },
  item: { margin: "0 0 4px", overflowWrap: "anywhere" },
  figure: { color: LIGHT.text, fontSize: "28px", fontWeight: 650, lineHeight: "34px", whiteSpace: "nowrap" },
  figureTotal: { color: LIGHT.muted, fontSize: "15px", lineHeight: "22px" },
  balance: { margin: "18px 0 0" },
  barTrack: { backgroundColor: LIGHT.line, borderRadius: "4px", marginTop: "8px" },
  barCell: { fontSize: "1px", height: "8px", lineHeight: "8px", padding: 0 },
  link: { color: LIGHT.link, textDecoration: "underline" },
  button: {
    backgroundColor: LIGHT.button,
    borderRadius: "6px",
    color: LIGHT.buttonText,
    fontSize: "15px",
    fontWeight: 600,
    marginTop: "14px",
    padding: "12px 20px",
  },
  code: {
    backgroundColor: LIGHT.code,
    border: `1px solid ${LIGHT.line}`,
    borderRadius: "6px",
    color: LIGHT.text,
    fontFamily: MONO,
    fontSize: "13px",
    lineHeight: "20px",
    margin: "8px 0 4px",
    overflowWrap: "anywhere",
    padding: "10px 12px",
    whiteSpace: "pre-wrap",
  },
  facts: { borderCollapse: "collapse", fontSize: "14px", lineHeight: "20px", width: "100%" },
  factLabel: {
    borderTop: `1px solid ${LIGHT.line}`,
    color: LIGHT.muted,
    fontWeight: 400,
    padding: "8px 12px 8px 0",
    textAlign: "left",
    verticalAlign: "top",
    width: "36%",
  },
  factValue: {
    borderTop: `1px solid ${LIGHT.line}`,
    color: LIGHT.text,
    overflowWrap: "anywhere",
    padding: "8px 0",
    textAlign: "left",
    verticalAlign: "top",
  },
  small: { color: LIGHT.muted, fontSize: "13px", lineHeight: "20px", margin: "14px 0 0", overflowWrap: "anywhere" },
} as const satisfies Record<string, CSSProperties>;

export const DARK_SHEET = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page, .page > table > tbody > tr > td { background-color: ${DARK.page} !important; color: ${DARK.text} !important; }
  .card { background-color: ${DARK.card} !important; border-color: ${DARK.line} !important; }
  .text { color: ${DARK.text} !important; }
  .muted { color: ${DARK.muted} !important; }
  .line { border-color: ${DARK.line} !important; }
  .track { background-color: ${DARK.line} !important; }
  .code { background-color: ${DARK.code} !important; border-color: ${DARK.line} !important; color: ${DARK.text} !important; }
  .link { color: ${DARK.link} !important; }
  .button { background-color: ${DARK.button} !important; color: ${DARK.buttonText} !important; }
}
`;
