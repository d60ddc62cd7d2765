import { cookies, headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { findViewer, type Viewer, type ViewerAccount } from "@/lib/auth/find-viewer";
import { HOME_PATH, signInPath } from "@/lib/auth/next-path";
import { REQUESTED_PATH_HEADER, sessionCookieName } from "@/lib/auth/session-cookie";
import { chooseAccount } from "@/lib/auth/sessions";
import type { AccountContext } from "@/lib/context";
import { PodmeterError } from "@/lib/errors";
import { runtime } from "@/lib/runtime";

export type { Viewer, ViewerAccount } from "@/lib/auth/find-viewer";
export { canManage } from "@/lib/auth/roles";

/** Somebody who looks at an account of theirs. */
export type AccountViewer = Viewer & { account: ViewerAccount };

/** Who is signed in, if anybody. Read once per request, by one query. */
export const readViewer = cache(async (): Promise<Viewer | null> => {
  const token = await sessionToken();
  return token === undefined ? null : findViewer(runtime().db, token, new Date());
});

/** For pages and actions of signed-in people; others are led to the sign-in and back. */
export async function requireViewer(): Promise<Viewer> {
  const viewer = await readViewer();
  if (viewer) return viewer;
  redirect(signInPath((await headers()).get(REQUESTED_PATH_HEADER) ?? HOME_PATH));
}

/** For pages and actions on an account; who has none is told so, an operator is led to the operators' pages. */
export async function requireAccount(): Promise<AccountViewer> {
  const viewer = await requireViewer();
  if (viewer.account) return { ...viewer, account: viewer.account };
  redirect(viewer.isOperator ? "/ops" : "/not-allowed");
}

/** For whatever shows credits or usage (R1). */
export async function requireBilling(): Promise<AccountViewer> {
  const viewer = await requireAccount();
  if (viewer.account.mayViewBilling) return viewer;
  redirect("/not-allowed");
}

/** For operators' pages and actions; for everyone else there is no such page. */
export async function requireOperator(): Promise<Viewer> {
  const viewer = await requireViewer();
  if (viewer.isOperator) return viewer;
  notFound();
}

/** What a verb needs to act on the viewer's own account. */
export function accountContext(viewer: AccountViewer): AccountContext {
  return { db: runtime().db, now: new Date(), actor: viewer.email, accountId: viewer.account.accountId };
}

/** What a verb needs to act on any account, as an operator (R1). */
export function operatorContext(viewer: Viewer, accountId: number): AccountContext {
  if (!viewer.isOperator) throw new PodmeterError("not_allowed", "Only operators of the platform may do this.");
  return { db: runtime().db, now: new Date(), actor: viewer.email, accountId };
}

/** From now on this session looks at another account of the viewer's; a foreign one is refused (R2). */
export async function switchAccount(viewer: Viewer, accountId: number): Promise<void> {
  const token = await sessionToken();
  if (token === undefined) throw new PodmeterError("not_signed_in", "You are not signed in any more. Sign in again.");
  await chooseAccount(runtime().db, { token, userId: viewer.userId, accountId });
}

async function sessionToken(): Promise<string | undefined> {
  const name = sessionCookieName(runtime().env.APP_URL);
  return (await cookies()).get(name)?.value;
}
