import Link from "next/link";
import { CheckIcon, ChevronIcon } from "@/app/_ui/icons";
import { signOutAction } from "@/app/sign-in/actions";
import type { Viewer } from "@/lib/auth/viewer";
import { chooseAccount } from "./actions";
import { Disclosure } from "./disclosure";
import { Nav, type NavItem } from "./nav";
import { QuickCheck } from "./quick-check";

function navOf(viewer: Viewer): NavItem[] {
  const billing = [
    { href: "/settings/billing/usage", under: "/settings/billing/usage", title: "Usage" },
    { href: "/settings/billing/ledger", under: "/settings/billing/ledger", title: "Ledger" },
    { href: "/settings/billing/prices", under: "/settings/billing/prices", title: "Prices" },
  ];
  return [
    ...(viewer.account?.mayViewBilling ? billing : []),
    ...(viewer.account
      ? [
          { href: "/deployments", under: "/deployments", title: "Deployments" },
          { href: "/workflows", under: "/workflows", title: "Workflows" },
        ]
      : []),
    ...(viewer.isOperator ? [{ href: "/ops", under: "/ops", title: "Operations" }] : []),
  ];
}

export function Header({ viewer }: { viewer: Viewer }) {
  return (
    <header className="border-b border-line bg-surface">
      <div className="mx-auto flex h-16 max-w-6xl items-center gap-3 px-4 sm:px-6">
        <Link href="/" className="flex items-center gap-2.5 text-[0.9375rem] font-semibold tracking-tight">
          <Mark />
          Podmeter
        </Link>
        <div className="ml-auto flex min-w-0 items-center gap-1.5 sm:gap-2.5">
          <AccountMenu viewer={viewer} />
          <QuickCheck />
        </div>
      </div>
      <div className="mx-auto max-w-6xl px-4 sm:px-6">
        <Nav items={navOf(viewer)} />
      </div>
    </header>
  );
}

/** A pod whose content is metered. */
function Mark() {
  return (
    <svg viewBox="0 0 20 20" className="size-5" aria-hidden="true">
      <rect x="1.5" y="1.5" width="17" height="17" rx="5" fill="none" stroke="currentColor" strokeWidth="2" />
      <path d="M5.5 13.5 h9 M5.5 10 h6 M5.5 6.5 h3" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}

function AccountMenu({ viewer }: { viewer: Viewer }) {
  const others = viewer.accounts.length > 1 ? viewer.accounts : [];
  const name = viewer.account?.name ?? viewer.name;
  return (
    <Disclosure
      label={`Account menu: ${name}`}
      summary={
        <>
          <span className="max-w-24 truncate sm:max-w-48">{name}</span>
          <ChevronIcon className="size-3.5 text-ink-faint" />
        </>
      }
    >
      <div className="px-2 py-1.5">
        <p className="truncate text-sm font-medium">{viewer.name}</p>
        <p className="label truncate">{viewer.email}</p>
      </div>
      {others.length > 0 && (
        <form action={chooseAccount} className="mt-1 border-t border-line pt-1">
          <p className="label px-2 py-1" id="accounts-label">
            Accounts
          </p>
          <ul aria-labelledby="accounts-label">
            {others.map((account) => (
              <li key={account.accountId}>
                <button
                  type="submit"
                  name="accountId"
                  value={account.accountId}
                  aria-current={account.accountId === viewer.account?.accountId ? "true" : undefined}
                  className="flex w-full items-center justify-between gap-2 rounded-md px-2 py-2 text-left text-sm hover:bg-sunken"
                >
                  <span className="truncate">{account.name}</span>
                  {account.accountId === viewer.account?.accountId && <CheckIcon />}
                </button>
              </li>
            ))}
          </ul>
        </form>
      )}
      <form action={signOutAction} className="mt-1 border-t border-line pt-1">
        <button type="submit" className="w-full rounded-md px-2 py-2 text-left text-sm hover:bg-sunken">
          Sign out
        </button>
      </form>
    </Disclosure>
  );
}
