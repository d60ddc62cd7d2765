"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { requireViewer, switchAccount } from "@/lib/auth/viewer";

export async function chooseAccount(form: FormData): Promise<void> {
  const viewer = await requireViewer();
  await switchAccount(viewer, z.coerce.number().int().parse(form.get("accountId")));
  revalidatePath("/", "layout");
  redirect("/");
}
