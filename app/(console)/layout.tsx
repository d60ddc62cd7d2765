import type { ReactNode } from "react";
import { LiveBalanceProvider } from "@/app/_live/live-balance-provider";
import { readOwnBalance } from "@/app/_live/read-own-balance";
import { Banner } from "@/app/_shell/banner";
import { Header } from "@/app/_shell/header";
import { noticesOf } from "@/app/_shell/notices";
import { requireViewer } from "@/lib/auth/viewer";
import { runtime } from "@/lib/runtime";

/** Every signed-in page: what is wrong, who one is, what is left, where one can go. Each page checks the session again itself. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const viewer = await requireViewer();
  const own = await readOwnBalance();
  const notices = own
    ? noticesOf(own.balance, own.context.now, {
        supportEmail: runtime().env.SUPPORT_EMAIL,
        mayViewBilling: viewer.account?.mayViewBilling ?? false,
      })
    : [];
  const content = (
    <>
      <a
        href="#content"
        className="absolute left-2 z-30 -translate-y-24 rounded-md bg-ink px-3 py-2 text-sm text-paper focus:translate-y-2"
      >
        Skip to content
      </a>
      <Banner notices={notices} />
      <Header viewer={viewer} />
      <main id="content" tabIndex={-1} className="mx-auto max-w-6xl px-4 pt-8 pb-20 outline-none sm:px-6 sm:pt-10">
        {children}
      </main>
    </>
  );
  return own ? <LiveBalanceProvider rendered={own.heard}>{content}</LiveBalanceProvider> : content;
}
