import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Button } from "@/app/_ui/button";
import { safeNextPath } from "@/lib/auth/next-path";
import { describeSignInError } from "@/lib/auth/sign-in-errors";
import { readViewer } from "@/lib/auth/viewer";
import { runtime } from "@/lib/runtime";
import { providerAction } from "./actions";
import { Refusal } from "./notice";
import { LinkForm, PasswordForm } from "./sign-in-forms";

export const metadata: Metadata = { title: "Sign in" };

type Query = { next?: string | string[]; error?: string | string[] };

export default async function SignInPage({ searchParams }: { searchParams: Promise<Query> }) {
  const query = await searchParams;
  const next = safeNextPath(query.next);
  if (await readViewer()) redirect(next);
  const { PODMETER_MODE, AUTH_OIDC_ISSUER, AUTH_OIDC_NAME } = runtime().env;
  const refusal = describeSignInError(query.error);
  return (
    <div className="space-y-6">
      <h1 className="text-xl font-semibold">Sign in</h1>
      {refusal && <Refusal id="refusal">{refusal}</Refusal>}
      {PODMETER_MODE === "demo" && (
        <p className="rounded-md bg-sunken px-3 py-2 text-sm text-ink-soft">
          Demo: the logins are printed in your terminal.
        </p>
      )}
      <PasswordForm next={next} />
      <LinkForm next={next} />
      {AUTH_OIDC_ISSUER && (
        <form action={providerAction} className="border-t border-line pt-4">
          <input type="hidden" name="next" value={next} />
          <Button look="secondary" className="w-full">
            Sign in with {AUTH_OIDC_NAME}
          </Button>
        </form>
      )}
    </div>
  );
}
