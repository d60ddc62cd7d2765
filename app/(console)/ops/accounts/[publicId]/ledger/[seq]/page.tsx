import type { Metadata } from "next";
import Link from "next/link";
import { exactCredits } from "@/app/_ledger/ledger-words";
import { LineExplained, Section } from "@/app/_ledger/line-explained";
import { type ExplainedLine, readLine } from "@/app/_ledger/read-line";
import { Card } from "@/app/_ui/surface";
import { requireOperator } from "@/lib/auth/viewer";
import { formatInstant } from "@/lib/format";
import { OpsHead } from "../../../../ops-head";
import { correctLine, correctPodOfLine } from "../actions";
import { CorrectForm } from "../correct-form";
import { operatedLedger } from "../operated-ledger";
import { usageRef } from "../usage-ref";

export const metadata: Metadata = { title: "Ledger line" };

export default async function OpsLinePage({ params }: { params: Promise<{ publicId: string; seq: string }> }) {
  const viewer = await requireOperator();
  const { publicId, seq } = await params;
  const account = await operatedLedger(viewer, publicId);
  const explained = await readLine(account, seq);
  return (
    <>
      <OpsHead title={`Line ${explained.line.seq}`}>
        <Link href={account.path} className="link">
          Ledger
        </Link>{" "}
        of{" "}
        <Link href={`/ops/accounts/${publicId}`} className="link">
          {account.name}
        </Link>
        . Times are those of {account.timeZone}.
      </OpsHead>
      <LineExplained account={account} explained={explained} />
      {explained.line.kind !== "correction" && (
        <Corrections accountPublicId={publicId} timeZone={account.timeZone} explained={explained} />
      )}
    </>
  );
}

function Corrections({
  accountPublicId,
  timeZone,
  explained: { line, usage, intervals },
}: {
  accountPublicId: string;
  timeZone: string;
  explained: ExplainedLine;
}) {
  const charged = usage.filter((row) => row.creditsMicro > 0n);
  if (charged.length === 0) return null;
  const pods = [...new Map(intervals.map((interval) => [interval.podUid, interval])).values()];
  const nameOf = (deploymentId: number) => usage.find((row) => row.deploymentId === deploymentId)?.name ?? "";
  return (
    <Section
      title="Correct"
      note="A new line gives the credits back and refers to this one, which stays as it is. The customer sees both, and the reason."
    >
      <div className="grid items-start gap-5 md:grid-cols-2">
        <Card className="p-5 sm:p-6">
          <CorrectForm
            id="line"
            title="Give credits back"
            action={correctLine}
            fields={{ accountPublicId, seq: line.seq }}
            formRef={crypto.randomUUID()}
            choice={{
              label: "What was charged wrongly",
              options: charged.map((row) => ({
                value: usageRef(row),
                title: `${row.name}, ${formatInstant(row.hour, timeZone)}: ${exactCredits(row.creditsMicro)}`,
              })),
            }}
            withCredits
            button="Give back"
          />
        </Card>
        {pods.length > 0 && (
          <Card className="p-5 sm:p-6">
            <CorrectForm
              id="pod"
              title="This pod never was"
              action={correctPodOfLine}
              fields={{ accountPublicId }}
              formRef={crypto.randomUUID()}
              choice={{
                label: "Pod",
                options: pods.map((interval) => ({
                  value: interval.podUid,
                  title: `${nameOf(interval.deploymentId)}, from ${formatInstant(interval.startedAt, timeZone)}: ${interval.podUid}`,
                })),
              }}
              hint="Everything that it was ever charged is given back, in all its hours. It must have ended, and its last hour be settled."
              button="Give all of it back"
            />
          </Card>
        )}
      </div>
    </Section>
  );
}
