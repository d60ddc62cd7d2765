import type { ReactNode } from "react";
import type { Meter } from "@/lib/billing/kinds";
import type { Fact } from "./wording";

/** What differs from mail to mail; the layout does the rest. */
export type Letter = {
  subject: string;
  /** The line that mail programs show beside the subject. */
  preview: string;
  headline: string;
  /** What happened. */
  story: ReactNode;
  /** What it means now: what is disabled, what comes next. */
  meaning: string[];
  /** What to do next. */
  steps: ReactNode[];
  button: { label: string; page: "usage" | "deployments" };
  /** The meter whose balance is shown. */
  meter: Meter;
  /** Rows of the table of facts that only this mail has. */
  facts: Fact[];
};
