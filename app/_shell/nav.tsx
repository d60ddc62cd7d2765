"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";

export type NavItem = { href: string; under: string; title: string };

export function Nav({ items }: { items: NavItem[] }) {
  const pathname = usePathname();
  return (
    <nav aria-label="Main" className="-mx-2 overflow-x-auto sm:-mx-3">
      <ul className="flex">
        {items.map(({ href, under, title }) => {
          const isHere = pathname === under || pathname.startsWith(`${under}/`);
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={isHere ? "page" : undefined}
                className="relative block px-2 py-3 text-sm whitespace-nowrap text-ink-soft after:absolute after:inset-x-2 after:bottom-0 after:h-0.5 hover:text-ink aria-[current]:font-medium aria-[current]:text-ink aria-[current]:after:bg-ink sm:px-3 sm:after:inset-x-3"
              >
                {title}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
