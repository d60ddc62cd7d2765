import type { ReactNode } from "react";
import { WarningIcon } from "./icons";

/** Why something cannot be done, said before it is tried or right after. */
export function Refusal({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="mb-6 flex gap-3 rounded-[10px] bg-bad-faint px-4 py-3 text-sm">
      <WarningIcon className="mt-0.5 size-4 text-bad" />
      <span>{children}</span>
    </p>
  );
}
