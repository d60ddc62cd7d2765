"use client";

import { useEffect, useState } from "react";
import { buttonClass } from "./button";
import { CheckIcon, CopyIcon } from "./icons";

const FEEDBACK_MS = 2_500;

/** Copies a text and says that it did. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [outcome, setOutcome] = useState<"copied" | "failed" | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), FEEDBACK_MS);
    return () => clearTimeout(timer);
  }, [outcome]);

  return (
    <>
      <button
        type="button"
        className={buttonClass("secondary", "small")}
        aria-label={`Copy ${what}`}
        onClick={async () => setOutcome((await copy(text)) ? "copied" : "failed")}
      >
        {outcome === "copied" ? <CheckIcon className="size-4 text-good" /> : <CopyIcon />}
        {outcome === "copied" ? "Copied" : outcome === "failed" ? "Not copied" : "Copy"}
      </button>
      <span role="status" className="sr-only">
        {outcome === "copied" && `Copied ${what}`}
        {outcome === "failed" && "This browser does not allow copying. Select the text instead."}
      </span>
    </>
  );
}

/** Browsers offer the clipboard to pages over https and on localhost only. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
