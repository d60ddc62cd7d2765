"use client";

import Link, { useLinkStatus } from "next/link";

/** A choice that is part of the address: links, so it works without JavaScript and can be sent to a colleague. */
export function ChoiceLinks({
  label,
  choices,
}: {
  label: string;
  choices: { href: string; title: string; chosen: boolean }[];
}) {
  return (
    <nav aria-label={label} className="flex rounded-lg bg-sunken p-1 ring-1 ring-line ring-inset">
      {choices.map(({ href, title, chosen }) => (
        <Link
          key={href}
          href={href}
          scroll={false}
          aria-current={chosen ? "true" : undefined}
          className="relative rounded-md px-2.5 py-1.5 text-[0.8125rem] font-medium whitespace-nowrap text-ink-soft hover:text-ink aria-[current]:bg-surface aria-[current]:text-ink aria-[current]:shadow-[0_1px_2px_rgb(0_0_0/0.12)] aria-[current]:ring-1 aria-[current]:ring-line sm:px-3"
        >
          {title}
          <Pending />
        </Link>
      ))}
    </nav>
  );
}

function Pending() {
  const { pending } = useLinkStatus();
  return (
    <span
      aria-hidden="true"
      className={`absolute inset-x-3 bottom-1 h-0.5 rounded-full bg-accent transition-opacity delay-150 ${pending ? "opacity-100" : "opacity-0"}`}
    />
  );
}
