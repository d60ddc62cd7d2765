import { and, eq } from "drizzle-orm";
import { appUser, authIdentity } from "@/drizzle/schema/people";
import type { Database } from "@/lib/db/client";

export type Person = { id: string; email: string; name: string | null; passwordHash: string | null };

const columns = { id: appUser.id, email: appUser.email, name: appUser.name, passwordHash: appUser.passwordHash };

/** By an address of the one spelling that emailAddress makes. */
export async function findPerson(db: Database, email: string): Promise<Person | null> {
  const [person] = await db.select(columns).from(appUser).where(eq(appUser.email, email));
  return person ?? null;
}

/** Whether the provider's person has signed in here before. */
export async function isKnownIdentity(
  db: Database,
  identity: { provider: string; providerAccountId: string },
): Promise<boolean> {
  const found = await db
    .select({ userId: authIdentity.userId })
    .from(authIdentity)
    .where(
      and(eq(authIdentity.provider, identity.provider), eq(authIdentity.providerAccountId, identity.providerAccountId)),
    );
  return found.length > 0;
}
