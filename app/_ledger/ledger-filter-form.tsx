import Form from "next/form";
import Link from "next/link";
import { Button, buttonClass } from "@/app/_ui/button";
import { Field } from "@/app/_ui/field";
import { LEDGER_KINDS } from "@/lib/billing/ledger";
import type { LedgerAccount } from "./ledger-account";
import { type LedgerQuery, ledgerHref } from "./ledger-query";
import { LEDGER_KIND_TITLES } from "./ledger-words";

/** Sent by GET: what is shown stands in the address, and can be sent to a colleague. */
export function LedgerFilterForm({ account, query }: { account: LedgerAccount; query: LedgerQuery }) {
  const { path } = account;
  const { kind, from, to } = query;
  return (
    // Another address is another filter: its fields begin with what it says.
    <Form
      key={ledgerHref(path, { kind, from, to })}
      action={path}
      scroll={false}
      aria-label="Filter"
      className="mb-5 grid grid-cols-2 items-end gap-4 sm:flex sm:flex-wrap"
    >
      <div className="max-sm:col-span-2 sm:w-44">
        <Field id="kind" label="Kind">
          {(control) => (
            <select {...control} name="kind" defaultValue={kind ?? ""}>
              <option value="">All</option>
              {LEDGER_KINDS.map((each) => (
                <option key={each} value={each}>
                  {LEDGER_KIND_TITLES[each]}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <Field id="from" label="From day">
        {(control) => <input {...control} type="date" name="from" defaultValue={from} />}
      </Field>
      <Field id="to" label="To day">
        {(control) => <input {...control} type="date" name="to" defaultValue={to} />}
      </Field>
      <div className="flex gap-3 max-sm:col-span-2">
        <Button look="secondary">Show</Button>
        {(kind || from || to) && (
          <Link href={path} className={buttonClass("secondary")}>
            Show all
          </Link>
        )}
      </div>
      <a
        href={ledgerHref(`${path}/ledger.csv`, { kind, from, to })}
        className={`${buttonClass("secondary")} max-sm:col-span-2 sm:ml-auto`}
        download
      >
        Download CSV
      </a>
    </Form>
  );
}
