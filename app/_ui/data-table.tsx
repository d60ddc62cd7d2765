import type { ReactNode } from "react";
import { ScrollRegion } from "./scroll-region";

export type Column<Row> = {
  title: string;
  cell: (row: Row) => ReactNode;
  align?: "right";
};

/** A plain table of figures for wide pages; on narrow ones it scrolls by itself. The first column names the row. */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
}: {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string | number;
}) {
  const place = (column: Column<Row>) =>
    `px-4 py-2.5 first:pl-5 last:pr-5 ${column.align === "right" ? "text-right figures" : "text-left"}`;
  const [first, ...others] = columns;
  if (!first) return null;
  return (
    <ScrollRegion label={caption} className="rounded-[10px] bg-surface ring-1 ring-line">
      <table className="w-full text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead className="text-ink-soft">
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" className={`${place(column)} font-medium whitespace-nowrap`}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-t border-line">
          {rows.map((row) => (
            <tr key={rowKey(row)} className="align-top">
              <th scope="row" className={`${place(first)} font-normal`}>
                {first.cell(row)}
              </th>
              {others.map((column) => (
                <td key={column.title} className={place(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
