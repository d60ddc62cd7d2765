import type { ReactNode } from "react";

/** Why something did not work; read out as soon as it is there. */
export function Refusal({ id, children }: { id: string; children: ReactNode }) {
  return (
    <p id={id} role="alert" className="rounded-md bg-bad-faint px-3 py-2 text-sm text-bad">
      {children}
    </p>
  );
}
