import type { Metadata } from "next";
import Link from "next/link";
import { LineExplained } from "@/app/_ledger/line-explained";
import { readLine } from "@/app/_ledger/read-line";
import { readOwnBalance } from "@/app/_live/read-own-balance";
import { PageHead } from "@/app/_ui/page-head";
import { requireBilling } from "@/lib/auth/viewer";
import { LEDGER_PATH } from "../ledger-path";

export const metadata: Metadata = { title: "Ledger line" };

export default async function LinePage({ params }: { params: Promise<{ seq: string }> }) {
  await requireBilling();
  const own = await readOwnBalance();
  if (!own) return null;
  const { timeZone } = own.balance;
  const account = { context: own.context, timeZone, path: LEDGER_PATH, operatorOf: null };
  const explained = await readLine(account, (await params).seq);
  return (
    <>
      <PageHead
        title={`Line ${explained.line.seq}`}
        above={
          <Link href={LEDGER_PATH} className="link">
            Ledger
          </Link>
        }
      >
        Times are those of {timeZone}.
      </PageHead>
      <LineExplained account={account} explained={explained} />
    </>
  );
}
