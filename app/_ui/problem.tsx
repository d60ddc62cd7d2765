import type { ReactNode } from "react";

/** A page that is only a message: what happened, and what to do. */
export function Problem({ title, children, action }: { title: string; children: ReactNode; action: ReactNode }) {
  return (
    <div className="mx-auto max-w-xl py-16 sm:py-24">
      <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
      <div className="mt-3 mb-8 text-ink-soft">{children}</div>
      {action}
    </div>
  );
}
