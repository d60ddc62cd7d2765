import type { ReactNode } from "react";

export default function SignInLayout({ children }: { children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center px-4 py-10">
      <p className="mb-4 font-semibold text-ink">Podmeter</p>
      <div className="rounded-[10px] border border-line bg-surface p-6">{children}</div>
    </main>
  );
}
