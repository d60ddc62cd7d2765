import type { Metadata } from "next";
import { RefreshWhile } from "@/app/_live/refresh-while";
import { DataTable } from "@/app/_ui/data-table";
import { Empty } from "@/app/_ui/empty";
import { requireOperator } from "@/lib/auth/viewer";
import { listStops } from "@/lib/enforcement/list-stops";
import { runtime } from "@/lib/runtime";
import { OPS_TIME_ZONE, OpsHead } from "../ops-head";
import { STOP_ACCOUNT_COLUMN, STOP_COLUMNS } from "../stop-columns";

export const metadata: Metadata = { title: "Stops" };

const SHOWN = 50;
const REFRESH_MS = 5_000;

export default async function StopsPage() {
  const viewer = await requireOperator();
  const stops = await listStops({ db: runtime().db, now: new Date(), actor: viewer.email }, SHOWN);
  return (
    <>
      <RefreshWhile underWay intervalMs={REFRESH_MS} />
      <OpsHead title="Stops">
        The last {SHOWN} stop orders of all accounts. “Past the limit” is what passed between the crossing of the
        negative limit and the end of the last pod. Times are {OPS_TIME_ZONE}.
      </OpsHead>
      {stops.length > 0 ? (
        <DataTable
          caption="Stops"
          columns={[STOP_ACCOUNT_COLUMN, ...STOP_COLUMNS]}
          rows={stops}
          rowKey={(stop) => `${stop.accountId}-${stop.stopOrderId}`}
        />
      ) : (
        <Empty title="Nothing was ever stopped.">
          A stop shows here as soon as somebody undeploys something, or an account crosses its negative limit.
        </Empty>
      )}
    </>
  );
}
