import { z } from "zod";
import { emailAddress } from "@/lib/auth/email-address";
import { verifyPassword } from "@/lib/auth/password";
import { findPerson, type Person } from "@/lib/auth/people";
import type { SignInLimits } from "@/lib/auth/sign-in-limits";
import type { Database } from "@/lib/db/client";

const input = z.object({ email: emailAddress, password: z.string().min(1).max(1000) });

/** The person whose password it is. An unknown address and a wrong password are one and the same answer, after the same time. */
export async function checkPassword(
  { db, limits }: { db: Database; limits: SignInLimits },
  attempt: { credentials: unknown; address: string },
): Promise<{ person: Person } | { refused: "wrong_password" | "rate_limited" }> {
  const { data } = input.safeParse(attempt.credentials);
  if (!data) return { refused: "wrong_password" };
  const counted = { email: data.email, address: attempt.address };
  if (!(await limits.admitPassword(counted))) return { refused: "rate_limited" };
  const person = await findPerson(db, data.email);
  const isRight = await verifyPassword(data.password, person?.passwordHash ?? null);
  if (!person || !isRight) return { refused: "wrong_password" };
  await limits.forgivePassword(counted);
  return { person };
}
