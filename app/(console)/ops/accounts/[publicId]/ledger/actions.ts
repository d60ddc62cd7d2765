"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { sayError } from "@/app/_shell/say-error";
import { speedUp } from "@/app/_shell/speed-up";
import { findAccount } from "@/lib/accounts/list-accounts";
import { operatorContext, requireOperator, type Viewer } from "@/lib/auth/viewer";
import { parseCredits } from "@/lib/billing/amount";
import type { AccountContext } from "@/lib/context";
import { correctPod, correctUsage } from "@/lib/credits/correct-usage";
import { readBalance } from "@/lib/credits/read-balance";
import { formatRate } from "@/lib/format";
import { runtime } from "@/lib/runtime";
import type { CorrectState } from "./correct-form";
import { usageRefInput } from "./usage-ref";

const text = z.string().catch("");

const reason = z
  .string()
  .trim()
  .min(3, "Say why, in a few words: it goes into the ledger and the audit log.")
  .max(500, "The reason may have at most 500 characters.");
const ref = z.string().min(8).max(100);

const lineForm = z.object({
  seq: z.coerce.number().int(),
  chosen: usageRefInput,
  credits: z.string().transform((typed, check) => {
    const creditsMicro = parseCredits(typed);
    if (creditsMicro !== null && creditsMicro > 0n) return creditsMicro;
    check.addIssue({ code: "custom", message: "Give back more than nothing, with at most six decimals." });
    return z.NEVER;
  }),
  reason,
  ref,
});

const podForm = z.object({ chosen: z.string().min(1, "Choose the pod.").max(200), reason, ref });

const FIELDS = ["chosen", "credits", "reason"] as const;
const wordsFor = (field: string, issues: z.core.$ZodIssue[]) =>
  issues.filter(({ path }) => path[0] === field).map(({ message }) => message);

/** Gives back credits of one resource in one hour (C8). */
export async function correctLine(before: CorrectState, form: FormData): Promise<CorrectState> {
  const viewer = await requireOperator();
  return correct(before, form, viewer, lineForm, async (context, { chosen, credits: creditsMicro, ...rest }) => {
    await correctUsage(context, { ...rest, ...chosen, creditsMicro });
  });
}

/** Gives back everything that a pod was charged (C8). */
export async function correctPodOfLine(before: CorrectState, form: FormData): Promise<CorrectState> {
  const viewer = await requireOperator();
  return correct(before, form, viewer, podForm, async (context, { chosen: podUid, ...rest }) => {
    await correctPod(context, { ...rest, podUid });
  });
}

async function correct<Input extends z.ZodType>(
  before: CorrectState,
  form: FormData,
  viewer: Viewer,
  schema: Input,
  write: (context: AccountContext, input: z.output<Input>) => Promise<void>,
): Promise<CorrectState> {
  const values = {
    chosen: text.parse(form.get("chosen")).slice(0, 200),
    credits: text.parse(form.get("credits")).slice(0, 100),
    reason: text.parse(form.get("reason")).slice(0, 2_000),
  };
  const again = { ...before, values, done: null, message: null, errors: {} };
  const input = schema.safeParse({ ...values, seq: form.get("seq"), ref: form.get("ref") });
  if (!input.success) {
    return {
      ...again,
      message: "Nothing was given back yet. Correct what is marked below.",
      errors: Object.fromEntries(FIELDS.map((name) => [name, wordsFor(name, input.error.issues)])),
    };
  }
  try {
    const { accountId } = await findAccount(
      { db: runtime().db, now: new Date(), actor: viewer.email },
      text.parse(form.get("accountPublicId")),
    );
    const context = operatorContext(viewer, accountId);
    await write(context, input.data);
    await speedUp("sweep.due", {});
    const balance = await readBalance(context);
    revalidatePath("/", "layout");
    return {
      values: { ...values, credits: "", reason: "" },
      ref: crypto.randomUUID(),
      done: `Given back. The balance is now ${formatRate(balance.remainingMicro)} credits.`,
      message: null,
      errors: {},
    };
  } catch (error) {
    return { ...again, message: sayError(error, "correct usage") };
  }
}
