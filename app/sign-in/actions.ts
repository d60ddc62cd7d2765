"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { safeNextPath } from "@/lib/auth/next-path";
import { beginProviderSignIn, requestSignInLink, signInWithPassword, signOut } from "@/lib/auth/sign-in";
import { describeSignInError, signInErrorPath } from "@/lib/auth/sign-in-errors";

/** What a form shows again after a refusal. The e-mail address is kept, the password never. */
export type FormState = { message: string | null; email: string };

const text = z.string().catch("");
const passwordForm = z.object({ email: text, password: text, next: text });
const linkForm = z.object({ email: text, next: text });

export async function passwordAction(_before: FormState, form: FormData): Promise<FormState> {
  const { email, password, next } = passwordForm.parse(Object.fromEntries(form));
  const error = await signInWithPassword({ email, password });
  if (error) return { message: describeSignInError(error), email: email.slice(0, 254) };
  redirect(safeNextPath(next));
}

export async function linkAction(_before: FormState, form: FormData): Promise<FormState> {
  const { email, next } = linkForm.parse(Object.fromEntries(form));
  const error = await requestSignInLink({ email, next: safeNextPath(next) });
  if (error) return { message: describeSignInError(error), email: email.slice(0, 254) };
  redirect("/sign-in/check-your-mail");
}

export async function providerAction(form: FormData): Promise<void> {
  const { next } = z.object({ next: text }).parse(Object.fromEntries(form));
  const begun = await beginProviderSignIn(safeNextPath(next));
  redirect("address" in begun ? begun.address : signInErrorPath(begun.error));
}

export async function signOutAction(): Promise<void> {
  await signOut();
  redirect("/sign-in");
}
