"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";

const PAGES = [
  { href: "/ops", under: "/ops/accounts", title: "Accounts" },
  { href: "/ops/stops", under: "/ops/stops", title: "Stops" },
  { href: "/ops/mails", under: "/ops/mails", title: "Mails" },
  { href: "/ops/prices", under: "/ops/prices", title: "Prices" },
  { href: "/ops/plans", under: "/ops/plans", title: "Plans" },
];

const LOOK =
  "rounded-md px-2.5 py-1.5 text-[0.8125rem] font-medium whitespace-nowrap text-ink-soft hover:bg-sunken hover:text-ink aria-[current]:bg-sunken aria-[current]:text-ink";

export function OpsNav({ mailboxUrl }: { mailboxUrl: string | null }) {
  const pathname = usePathname();
  const ledger = pathname.match(/^\/ops\/accounts\/[^/]+/)?.map((account) => ({
    href: `${account}/ledger`,
    under: `${account}/ledger`,
    title: "Ledger of this account",
  }));
  const pages = [...PAGES, ...(ledger ?? [])];
  return (
    <nav aria-label="Operations" className="-mx-2.5 mb-6 flex flex-wrap gap-1">
      {pages.map(({ href, under, title }) => {
        const isHere = pathname === href || pathname === under || pathname.startsWith(`${under}/`);
        return (
          <Link key={href} href={href} aria-current={isHere ? "page" : undefined} className={LOOK}>
            {title}
          </Link>
        );
      })}
      {/* Pages of other programs: plain links, so that they are loaded as a whole. */}
      <a href="/ops/queues" className={LOOK}>
        Queues
      </a>
      {mailboxUrl && (
        <a href={mailboxUrl} className={LOOK} target="_blank" rel="noreferrer">
          Mailbox<span className="sr-only"> (opens in a new tab)</span>
        </a>
      )}
    </nav>
  );
}
