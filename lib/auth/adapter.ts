import { DrizzleAdapter } from "@auth/drizzle-adapter";
import { lt } from "drizzle-orm";
import type { Adapter } from "next-auth/adapters";
import { appUser, authIdentity, authSession, verificationToken } from "@/drizzle/schema/people";
import { emailAddress } from "@/lib/auth/email-address";
import { endSession, storeSession } from "@/lib/auth/sessions";
import type { Database } from "@/lib/db/client";
import { PodmeterError } from "@/lib/errors";

/** What next-auth reads and writes: our tables, with sessions kept as hashes and nobody let in who was not invited. */
export function createAuthAdapter(db: Database, now: () => Date): Adapter {
  const adapter = DrizzleAdapter(db, {
    usersTable: appUser,
    accountsTable: authIdentity,
    sessionsTable: authSession,
    verificationTokensTable: verificationToken,
  });
  return {
    ...adapter,
    createUser: () => {
      throw new PodmeterError("not_allowed", "A sign-in makes no new people: they are invited.");
    },
    getUserByEmail: (email) => adapter.getUserByEmail?.(emailAddress.parse(email)) ?? null,
    createSession: async (session) => {
      await storeSession(db, { token: session.sessionToken, userId: session.userId, expires: session.expires }, now());
      return session;
    },
    // Pages ask readViewer. If next-auth knew who is signed in, it would link the next sign-in by a provider to that person.
    getSessionAndUser: async () => null,
    deleteSession: (token) => endSession(db, token),
    createVerificationToken: async (token) => {
      await db.delete(verificationToken).where(lt(verificationToken.expires, now()));
      return adapter.createVerificationToken?.(token);
    },
  };
}
