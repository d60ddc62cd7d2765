"use client";

import { type ReactNode, useEffect, useRef } from "react";

/** A menu that is a `<details>`: it opens without JavaScript, and with it closes on Escape and when one looks elsewhere. */
export function Disclosure({ summary, label, children }: { summary: ReactNode; label: string; children: ReactNode }) {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = () => details.current?.removeAttribute("open");
    const onPointerDown = (event: PointerEvent) => {
      if (!details.current?.contains(event.target as Node)) close();
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !details.current?.open) return;
      close();
      details.current.querySelector("summary")?.focus();
    };
    document.addEventListener("pointerdown", onPointerDown);
    document.addEventListener("keydown", onKeyDown);
    return () => {
      document.removeEventListener("pointerdown", onPointerDown);
      document.removeEventListener("keydown", onKeyDown);
    };
  }, []);
  return (
    <details ref={details} className="relative">
      <summary
        aria-label={label}
        className="flex h-10 list-none items-center gap-1.5 rounded-md px-2 text-sm hover:bg-sunken [&::-webkit-details-marker]:hidden"
      >
        {summary}
      </summary>
      <div className="absolute right-0 z-20 mt-1 w-64 rounded-xl bg-surface p-2 shadow-[0_12px_40px_rgb(0_0_0/0.18)] ring-1 ring-line">
        {children}
      </div>
    </details>
  );
}
