import type { ReactNode } from "react";

/** Nothing here yet, and what to do next. */
export function Empty({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-3 rounded-[10px] border border-dashed border-line-strong px-6 py-10 sm:px-10">
      <p className="text-base font-medium">{title}</p>
      <p className="max-w-prose text-ink-soft">{children}</p>
      {action}
    </div>
  );
}
