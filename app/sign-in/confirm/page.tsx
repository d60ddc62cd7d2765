import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { z } from "zod";
import { Button } from "@/app/_ui/button";
import { signInErrorPath } from "@/lib/auth/sign-in-errors";

export const metadata: Metadata = { title: "Sign in by link", referrer: "no-referrer" };

const linkQuery = z.object({ token: z.string(), email: z.string(), callbackUrl: z.string() });

/** Where a mailed link leads: only the button uses it up, since mail filters open every link too. */
export default async function ConfirmPage({ searchParams }: { searchParams: Promise<unknown> }) {
  const { data: link } = linkQuery.safeParse(await searchParams);
  if (!link) redirect(signInErrorPath("Verification"));
  return (
    <form action="/api/auth/callback/link" method="get" className="space-y-4">
      <h1 className="text-xl font-semibold">Sign in by link</h1>
      <p className="break-words">
        You are about to sign in as <strong>{link.email}</strong>.
      </p>
      {Object.entries(link).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Button className="w-full">Sign in</Button>
    </form>
  );
}
