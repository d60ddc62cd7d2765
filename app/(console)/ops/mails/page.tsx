import type { Metadata } from "next";
import { RefreshWhile } from "@/app/_live/refresh-while";
import { type Column, DataTable } from "@/app/_ui/data-table";
import { Empty } from "@/app/_ui/empty";
import { Time } from "@/app/_ui/time";
import { listFailedDeliveries, type TroubledDelivery } from "@/lib/alerts/list-failed-deliveries";
import { requireOperator } from "@/lib/auth/viewer";
import { runtime } from "@/lib/runtime";
import { OPS_TIME_ZONE, OpsHead } from "../ops-head";

export const metadata: Metadata = { title: "Mails" };

const SHOWN = 100;
const REFRESH_MS = 5_000;

const COLUMNS: Column<TroubledDelivery>[] = [
  { title: "Recipient", cell: (mail) => <span className="break-all">{mail.recipient}</span> },
  { title: "Account", cell: (mail) => mail.accountName },
  { title: "About", cell: (mail) => mail.kind.replaceAll("_", " ") },
  {
    title: "State",
    cell: (mail) =>
      mail.state === "failed" ? (
        <span className="text-bad">Given up</span>
      ) : (
        <>
          Tried again at <Time at={mail.nextAttemptAt} timeZone={OPS_TIME_ZONE} seconds />
        </>
      ),
  },
  { title: "Attempts", align: "right", cell: (mail) => mail.attempts },
  { title: "What the server said", cell: (mail) => <span className="break-words">{mail.lastError}</span> },
];

export default async function MailsPage() {
  const viewer = await requireOperator();
  const mails = await listFailedDeliveries({ db: runtime().db, now: new Date(), actor: viewer.email }, SHOWN);
  return (
    <>
      <RefreshWhile underWay intervalMs={REFRESH_MS} />
      <OpsHead title="Mails">
        Mails that did not get through at the first attempt. They hold nothing else up. Times are {OPS_TIME_ZONE}.
      </OpsHead>
      {mails.length > 0 ? (
        <DataTable
          caption="Mails that did not get through"
          columns={COLUMNS}
          rows={mails}
          rowKey={(mail) => `${mail.accountId}-${mail.deliveryId}`}
        />
      ) : (
        <Empty title="All mails got through.">One that does not shows here with what the mail server said.</Empty>
      )}
    </>
  );
}
