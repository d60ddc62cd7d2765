import type { ReactNode } from "react";

/** A page's title, a line on what it shows, and what can be done on it. */
export function PageHead({
  title,
  above,
  children,
  actions,
}: {
  title: string;
  above?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-4 sm:mb-8">
      <div className="min-w-0">
        {above && <p className="label mb-1">{above}</p>}
        <h1 className="text-2xl font-semibold tracking-tight sm:text-[1.75rem]">{title}</h1>
        {children && <div className="mt-1.5 max-w-2xl text-ink-soft">{children}</div>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-3">{actions}</div>}
    </div>
  );
}
