import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { EXAMPLES, type Example, PERCENTAGES } from "./worked-examples";

/** The tables of docs/billing-rules.md, made from the examples that run as tests: `node --import tsx test/worked-examples-doc.ts --write`. */
export const DOCUMENT = path.resolve(import.meta.dirname, "../docs/billing-rules.md");

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const table = (head: readonly string[], body: readonly (readonly string[])[]) =>
  [row(head), row(head.map(() => "---")), ...body.map(row)].join("\n");
const utc = (instant: string) =>
  instant
    .replace("T", " ")
    .replace(/\.000Z$/, "")
    .replace(/Z$/, "");
const amount = (credits: string) => credits.replace("-", "−");

function tableOf({ steps }: Example): string {
  const notes = steps.map(
    ({ lines, takenFrom }) => takenFrom?.map((part) => `taken from ${part.replace("_", "-")}`) ?? lines,
  );
  const hasNotes = notes.some((note) => note);
  return table(
    ["When (UTC)", "What happens", "How it adds up", "Remaining", ...(hasNotes ? ["Ledger"] : [])],
    steps.map(({ at, what, sum, remaining }, index) => [
      utc(at),
      what,
      sum,
      amount(remaining),
      ...(hasNotes ? [notes[index]?.join("; ").replaceAll("_", " ") || "–"] : []),
    ]),
  );
}

const TABLES = new Map([
  ...EXAMPLES.map((example) => [example.id, tableOf(example)] as const),
  [
    "percentages",
    table(
      ["Used", "Of", "Written"],
      PERCENTAGES.map(({ part, whole, written }) => [part, whole, written]),
    ),
  ] as const,
]);

/** The document with each table between its markers; throws when an example has no place in it. */
export function withTables(document: string): string {
  let filled = document;
  for (const [id, lines] of TABLES) {
    const [begin, end] = [`<!-- example: ${id} -->\n`, `\n<!-- end: ${id} -->`];
    const from = filled.indexOf(begin);
    const to = filled.indexOf(end);
    if (from < 0 || to < from) throw new Error(`docs/billing-rules.md has no place for the example ${id}`);
    filled = filled.slice(0, from + begin.length) + lines + filled.slice(to);
  }
  return filled;
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv.includes("--write"))
  await writeFile(DOCUMENT, withTables(await readFile(DOCUMENT, "utf8")));
