import { BadInput, parseJson, serve } from "./serve.mjs";

await serve({
  usage: "POST a JSON array of objects; it comes back as CSV (RFC 4180), a column for each key.",
  work: (body) => {
    const rows = parseJson(body);
    if (!Array.isArray(rows) || !rows.every((row) => row !== null && typeof row === "object" && !Array.isArray(row))) {
      throw new BadInput("A JSON array of objects is expected.");
    }
    const columns = [...new Set(rows.flatMap(Object.keys))];
    const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
    return {
      type: "text/csv; charset=utf-8",
      text: lines.map((cells) => `${cells.map(toCell).join(",")}\r\n`).join(""),
    };
  },
});

function toCell(value) {
  if (value === undefined || value === null) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
