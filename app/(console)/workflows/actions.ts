"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { sayError } from "@/app/_shell/say-error";
import { accountContext, canManage, requireAccount } from "@/lib/auth/viewer";
import { readBalance } from "@/lib/credits/read-balance";
import { formatCount } from "@/lib/format";
import { runtime } from "@/lib/runtime";
import { createWorkflow, runWorkflow } from "@/lib/workflows/run-workflow";

const VIEWERS_MAY_NOT =
  "As a viewer you may look, but not make or run workflows. Ask an owner or admin of the account.";
const nameInput = z
  .string("Give it a name.")
  .trim()
  .min(1, "Give it a name.")
  .max(60, "The name may have at most 60 characters.");

export type CreateState = { name: string; message: string | null; errors: string[] };

export async function create(_before: CreateState, form: FormData): Promise<CreateState> {
  const viewer = await requireAccount();
  const entered = z.string().catch("").parse(form.get("name")).slice(0, 200);
  if (!canManage(viewer.account.role)) return { name: entered, message: null, errors: [VIEWERS_MAY_NOT] };
  const name = nameInput.safeParse(form.get("name") ?? "");
  if (!name.success) return { name: entered, message: null, errors: z.flattenError(name.error).formErrors };
  try {
    await createWorkflow(accountContext(viewer), { name: name.data });
  } catch (error) {
    return { name: entered, message: null, errors: [sayError(error, "create workflow")] };
  }
  revalidatePath("/workflows");
  return { name: "", message: `“${name.data}” is there. Run it whenever you like.`, errors: [] };
}

/** `key` is of the next run: a form sent twice is one run. */
export type RunState = { key: string; message: string | null; refused: boolean };

export async function run(before: RunState, form: FormData): Promise<RunState> {
  const viewer = await requireAccount();
  if (!canManage(viewer.account.role)) return { ...before, message: VIEWERS_MAY_NOT, refused: true };
  const context = accountContext(viewer);
  const input = z
    .object({ resourceId: z.coerce.number().int(), key: z.uuid() })
    .safeParse({ resourceId: form.get("resourceId"), key: form.get("key") });
  if (!input.success) return { ...before, message: "This form is not complete. Load the page again.", refused: true };
  try {
    const { counted } = await runWorkflow(context, input.data, { supportEmail: runtime().env.SUPPORT_EMAIL });
    const { runsRemaining } = await readBalance(context);
    revalidatePath("/workflows");
    const left = viewer.account.mayViewBilling ? ` ${formatCount(runsRemaining)} runs left.` : "";
    return {
      key: crypto.randomUUID(),
      message: counted ? `Ran.${left}` : `This run was counted before, so it was not counted again.${left}`,
      refused: false,
    };
  } catch (error) {
    return { ...before, message: sayError(error, "run workflow"), refused: true };
  }
}
