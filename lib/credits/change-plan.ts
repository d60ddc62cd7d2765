import { sql } from "drizzle-orm";
import { z } from "zod";
import { MAX_CREDITS_MICRO, parseCredits, parseRuns } from "@/lib/billing/amount";
import type { Plan } from "@/lib/billing/plans";
import type { AccountContext, Context } from "@/lib/context";
import { at, firstRow, micro, rows } from "@/lib/db/rows";
import { PodmeterError } from "@/lib/errors";

const creditsField = (what: string) =>
  z
    .string()
    .trim()
    .transform((text, check) => {
      const creditsMicro = parseCredits(text || "0");
      if (creditsMicro !== null && creditsMicro >= 0n && creditsMicro <= MAX_CREDITS_MICRO) return creditsMicro;
      check.addIssue({
        code: "custom",
        message: `${what} is an amount of credits that is not negative, with at most six decimals.`,
      });
      return z.NEVER;
    });

export const planInput = z.object({
  planId: z.string().max(60),
  name: z.string().trim().min(1, "Give the plan a name.").max(60, "The name may have at most 60 characters."),
  negativeLimit: creditsField("The negative limit"),
  deployFloor: creditsField("The deploy floor"),
  cycleCredits: creditsField("What a cycle brings"),
  cycleRuns: z
    .string()
    .trim()
    .transform((text, check) => {
      const runs = parseRuns(text || "0");
      if (runs !== null) return runs;
      check.addIssue({ code: "custom", message: "Runs are a whole number, up to 1,000,000,000." });
      return z.NEVER;
    }),
});

const planRow = z.object({
  plan_id: z.string(),
  name: z.string(),
  negative_limit_micro: micro,
  deploy_floor_micro: micro,
  cycle_credits_micro: micro,
  cycle_runs: micro,
  accounts: z.coerce.number(),
});

export type PlanView = Plan & { accounts: number };

/** The plans with the number of accounts on each, for operators (A10). */
export async function listPlans(ctx: Context): Promise<PlanView[]> {
  const found = await rows(
    ctx.db,
    planRow,
    sql`select p.*, (select count(*) from account a where a.plan_id = p.plan_id) as accounts from plan p order by p.cycle_credits_micro, p.plan_id`,
  );
  return found.map((row) => ({
    planId: row.plan_id,
    name: row.name,
    negativeLimitMicro: row.negative_limit_micro,
    deployFloorMicro: row.deploy_floor_micro,
    cycleCreditsMicro: row.cycle_credits_micro,
    cycleRuns: row.cycle_runs,
    accounts: row.accounts,
  }));
}

/** Changes a plan (A10): its limits are in force at once for all its accounts, what a cycle brings from each account's next cycle on. */
export async function changePlan(ctx: Context, raw: z.input<typeof planInput>): Promise<{ accounts: number }> {
  const input = planInput.parse(raw);
  const row = await firstRow(
    ctx.db,
    z.object({ accounts: z.number().nullable() }),
    sql`select change_plan(${input.planId}, ${input.name}, ${input.negativeLimit}, ${input.deployFloor}, ${input.cycleCredits}, ${input.cycleRuns},
      ${ctx.actor}, ${at(ctx.now)}) as accounts`,
  );
  if (row?.accounts === null || row?.accounts === undefined)
    throw new PodmeterError("not_found", "There is no such plan.");
  return { accounts: row.accounts };
}

/** Puts an account on another plan: its limits at once, its grant from the next cycle on. */
export async function assignPlan(ctx: AccountContext, planId: string): Promise<void> {
  const known = await firstRow(
    ctx.db,
    z.object({ plan_id: z.string() }),
    sql`select plan_id from plan where plan_id = ${planId}`,
  );
  if (!known) throw new PodmeterError("not_found", "There is no such plan.");
  const row = await firstRow(
    ctx.db,
    z.object({ assigned: z.boolean() }),
    sql`select assign_plan(${ctx.accountId}, ${planId}, ${ctx.actor}, ${at(ctx.now)}) as assigned`,
  );
  if (!row?.assigned) throw new PodmeterError("not_found", "There is no such account.");
}
