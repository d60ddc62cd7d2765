import type { Metadata } from "next";
import Link from "next/link";
import { buttonClass } from "@/app/_ui/button";
import { PageHead } from "@/app/_ui/page-head";
import { listOwners } from "@/lib/accounts/list-owners";
import { accountContext, requireViewer } from "@/lib/auth/viewer";
import { runtime } from "@/lib/runtime";

export const metadata: Metadata = { title: "Not allowed" };

/** Whom to ask for what one may not see (R1). */
export default async function NotAllowedPage() {
  const viewer = await requireViewer();
  if (!viewer.account) {
    return (
      <PageHead title="You have no account yet">
        You are signed in as {viewer.email}, but you are not a member of any account. Ask its owner to add you, or write
        to {runtime().env.SUPPORT_EMAIL}.
      </PageHead>
    );
  }
  const owners = await listOwners(accountContext({ ...viewer, account: viewer.account }));
  return (
    <>
      <PageHead title="You may not see the billing of this account">
        In {viewer.account.name} you are a {viewer.account.role}. Owners and admins see credits and usage; they can let
        a member see them too.
      </PageHead>
      {owners.length > 0 && (
        <>
          <h2 className="text-base font-semibold">Whom to ask</h2>
          <ul className="mt-2 mb-8 space-y-1">
            {owners.map(({ name, email }) => (
              <li key={email}>
                {name},{" "}
                <a href={`mailto:${email}`} className="link break-all">
                  {email}
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
      <Link href="/deployments" className={buttonClass("secondary")}>
        To the deployments
      </Link>
    </>
  );
}
