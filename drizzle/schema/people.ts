import { boolean, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { ROLES } from "@/lib/billing/kinds";
import { account } from "./accounts";
import { identity, instant } from "./columns";

/** A person. May belong to several accounts; operators see all of them. */
export const appUser = pgTable("app_user", {
  id: text("id")
    .primaryKey()
    .$defaultFn(() => crypto.randomUUID()),
  name: text("name"),
  email: text("email").notNull().unique(),
  emailVerified: instant("email_verified"),
  image: text("image"),
  passwordHash: text("password_hash"),
  isOperator: boolean("is_operator").notNull().default(false),
});

export const membership = pgTable(
  "membership",
  {
    accountId: identity("account_id")
      .notNull()
      .references(() => account.accountId),
    userId: text("user_id")
      .notNull()
      .references(() => appUser.id, { onDelete: "cascade" }),
    role: text("role", { enum: ROLES }).notNull(),
    /** R1: a member may be allowed to see billing; owner and admin always are, a viewer never is. */
    mayViewBilling: boolean("may_view_billing").notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.userId] })],
);

/** Ways to sign in that a provider vouches for (next-auth's "account"). */
export const authIdentity = pgTable(
  "auth_identity",
  {
    userId: text("user_id")
      .notNull()
      .references(() => appUser.id, { onDelete: "cascade" }),
    type: text("type").$type<"oauth" | "oidc" | "email" | "webauthn">().notNull(),
    provider: text("provider").notNull(),
    providerAccountId: text("provider_account_id").notNull(),
    refresh_token: text("refresh_token"),
    access_token: text("access_token"),
    expires_at: integer("expires_at"),
    token_type: text("token_type"),
    scope: text("scope"),
    id_token: text("id_token"),
    session_state: text("session_state"),
  },
  (table) => [primaryKey({ columns: [table.provider, table.providerAccountId] })],
);

export const authSession = pgTable("auth_session", {
  sessionToken: text("session_token").primaryKey(),
  userId: text("user_id")
    .notNull()
    .references(() => appUser.id, { onDelete: "cascade" }),
  expires: instant("expires").notNull(),
  /** The account that this session looks at; null: the person's first. */
  accountId: identity("account_id").references(() => account.accountId),
});

export const verificationToken = pgTable(
  "verification_token",
  {
    identifier: text("identifier").notNull(),
    token: text("token").notNull(),
    expires: instant("expires").notNull(),
  },
  (table) => [primaryKey({ columns: [table.identifier, table.token] })],
);

/** Sign-in attempts by address and by origin, kept by rate-limiter-flexible. */
export const signInLimit = pgTable("sign_in_limit", {
  key: text("key").primaryKey(),
  points: integer("points").notNull(),
  expire: instant("expire"),
});
