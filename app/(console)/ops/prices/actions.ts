"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { sayError } from "@/app/_shell/say-error";
import { speedUp } from "@/app/_shell/speed-up";
import { requireOperator } from "@/lib/auth/viewer";
import { changePrice, priceInput } from "@/lib/credits/change-price";
import { formatInstant } from "@/lib/format";
import { instantOfLocal } from "@/lib/local-time";
import { runtime } from "@/lib/runtime";
import { OPS_TIME_ZONE } from "../ops-head";
import type { PriceState } from "./price-form";

const text = z.string().catch("");

export async function setPrice(_before: PriceState, form: FormData): Promise<PriceState> {
  const viewer = await requireOperator();
  const values = {
    profileId: text.parse(form.get("profileId")).slice(0, 100),
    creditsPerHour: text.parse(form.get("creditsPerHour")).slice(0, 100),
    inForceFrom: text.parse(form.get("inForceFrom")).slice(0, 40),
  };
  const again = { values, done: null, message: null, errors: {} };
  const inForceFrom = values.inForceFrom === "" ? null : instantOfLocal(values.inForceFrom, OPS_TIME_ZONE);
  const isNoTime = values.inForceFrom !== "" && inForceFrom === null;
  const input = priceInput.safeParse({ ...values, inForceFrom });
  if (!input.success || isNoTime) {
    return {
      ...again,
      message: "Nothing was changed yet. Correct what is marked below.",
      errors: {
        ...(input.error && z.flattenError(input.error).fieldErrors),
        ...(isNoTime && { inForceFrom: ["Write a date and a time, such as 2026-07-01T12:00, or leave it empty."] }),
      },
    };
  }
  try {
    const context = { db: runtime().db, now: new Date(), actor: viewer.email };
    const { split } = await changePrice(context, { ...values, inForceFrom });
    await speedUp("sweep.due", {});
    revalidatePath("/", "layout");
    const from = inForceFrom
      ? `In force from ${formatInstant(inForceFrom, OPS_TIME_ZONE, { seconds: true })} ${OPS_TIME_ZONE}.`
      : "In force now.";
    return {
      values: { profileId: values.profileId, creditsPerHour: "", inForceFrom: "" },
      done: `${from} ${splitWords(split, inForceFrom !== null)}`,
      message: null,
      errors: {},
    };
  } catch (error) {
    return { ...again, message: sayError(error, "change a price") };
  }
}

function splitWords(split: number, isLater: boolean): string {
  const where = isLater ? "there" : "here";
  if (split === 0) return "Nothing runs on this profile, so no interval was split.";
  return split === 1 ? `One running interval was split ${where}.` : `${split} running intervals were split ${where}.`;
}
