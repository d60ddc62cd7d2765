import { notFound } from "next/navigation";
import { type Explanation, explainLine } from "@/lib/credits/explain-line";
import { type LinkedLine, listLinkedLines } from "@/lib/credits/list-linked-lines";
import { PodmeterError } from "@/lib/errors";
import type { LedgerAccount } from "./ledger-account";
import { readSeq } from "./ledger-query";

export type ExplainedLine = Explanation & { linked: LinkedLine[] };

/** A line with everything behind it; for a number that the account does not have there is no such page. */
export async function readLine({ context }: LedgerAccount, text: string): Promise<ExplainedLine> {
  const seq = readSeq(text);
  if (seq === null) notFound();
  try {
    const [explanation, linked] = await Promise.all([explainLine(context, seq), listLinkedLines(context, seq)]);
    return { ...explanation, linked };
  } catch (error) {
    if (error instanceof PodmeterError && error.code === "not_found") notFound();
    throw error;
  }
}
