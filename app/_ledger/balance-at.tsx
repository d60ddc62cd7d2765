import Form from "next/form";
import Link from "next/link";
import { Button } from "@/app/_ui/button";
import { Field } from "@/app/_ui/field";
import { Card } from "@/app/_ui/surface";
import { Time } from "@/app/_ui/time";
import { balanceAt } from "@/lib/credits/balance-at";
import { describeError, PodmeterError } from "@/lib/errors";
import { formatCount } from "@/lib/format";
import { instantOfLocal } from "@/lib/local-time";
import type { LedgerAccount } from "./ledger-account";
import type { LedgerQuery } from "./ledger-query";
import { exactCredits } from "./ledger-words";

/** The balance at a past instant, computed again from the ledger: what the pages showed then (C6). */
export async function BalanceAt({ account, query }: { account: LedgerAccount; query: LedgerQuery }) {
  const { path, timeZone } = account;
  const { kind, from, to, before, at } = query;
  const answer = at === undefined ? null : await answerTo(account, at);
  const kept = Object.entries({ kind, from, to, before }).filter(([, value]) => value !== undefined);
  return (
    <Card className="mt-10 p-5 sm:p-6">
      <h2 className="text-base font-semibold" id="balance-at">
        Balance at an instant
      </h2>
      <p className="label mb-4">Computed again from the lines that were written by then and from what ran then.</p>
      <Form
        key={at}
        action={path}
        scroll={false}
        aria-labelledby="balance-at"
        className="flex flex-wrap items-start gap-4"
      >
        {kept.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <div className="w-full sm:w-72">
          <Field id="at" label={`Date and time (${timeZone})`} errors={answer?.error}>
            {(control) => <input {...control} type="datetime-local" step={1} name="at" defaultValue={at} required />}
          </Field>
        </div>
        <Button look="secondary" className="sm:mt-[1.6875rem]">
          Compute
        </Button>
      </Form>
      {answer?.balance && (
        <dl className="mt-5 max-w-xl divide-y divide-line border-t border-line text-sm">
          <Row name="At">
            <Time at={answer.balance.at} timeZone={timeZone} seconds />
          </Row>
          <Row name="Credits left" strong>
            {exactCredits(answer.balance.remainingMicro)}
          </Row>
          <Row name="Workflow runs left">{formatCount(answer.balance.runsRemaining)}</Row>
          <Row
            name={
              answer.balance.lastSeq > 0 ? (
                <>
                  After the last line,{" "}
                  <Link href={`${path}/${answer.balance.lastSeq}`} className="link">
                    {answer.balance.lastSeq}
                  </Link>
                </>
              ) : (
                "No line was written yet"
              )
            }
          >
            {exactCredits(answer.balance.settledMicro)}
          </Row>
          <Row name="Used since, not yet in a line">
            {exactCredits(answer.balance.settledMicro - answer.balance.remainingMicro)}
          </Row>
        </dl>
      )}
    </Card>
  );
}

function Row({ name, strong, children }: { name: React.ReactNode; strong?: boolean; children: React.ReactNode }) {
  return (
    <div className="flex justify-between gap-4 py-2">
      <dt className="text-ink-soft">{name}</dt>
      <dd className={`figures text-right ${strong ? "font-semibold" : ""}`}>{children}</dd>
    </div>
  );
}

async function answerTo({ context, timeZone }: LedgerAccount, text: string) {
  const when = instantOfLocal(text, timeZone);
  if (!when) return { error: ["Write a date and a time, such as 2026-07-01T12:00."] };
  try {
    return { balance: await balanceAt(context, when) };
  } catch (error) {
    if (error instanceof PodmeterError && error.code === "invalid_input")
      return { error: [describeError(error).message] };
    throw error;
  }
}
