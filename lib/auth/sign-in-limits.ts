import { RateLimiterDrizzle, RateLimiterRes } from "rate-limiter-flexible";
import { signInLimit } from "@/drizzle/schema/people";
import type { Database } from "@/lib/db/client";

const WINDOW_SECONDS = 15 * 60;
const PASSWORDS_PER_EMAIL = 10;
const LINKS_PER_EMAIL = 5;
const ATTEMPTS_PER_ADDRESS = 50;

/** Who tries: the e-mail address as typed, and where from. Whether anybody has that e-mail address makes no difference. */
export type Attempt = { email: string; address: string };

export type SignInLimits = {
  /** Counts the attempt; false when it is one too many. */
  admitPassword(attempt: Attempt): Promise<boolean>;
  /** After a right password: its attempts are forgotten, so that only wrong ones add up. */
  forgivePassword(attempt: Attempt): Promise<void>;
  /** Counts the request for a link; false when it is one too many. */
  admitLink(attempt: Attempt): Promise<boolean>;
};

/** Counted in the database: for all instances together, and over restarts. */
export function createSignInLimits(db: Database): SignInLimits {
  const limiter = (keyPrefix: string, points: number) =>
    new RateLimiterDrizzle({ storeClient: db, schema: signInLimit, keyPrefix, points, duration: WINDOW_SECONDS });
  const addresses = limiter("address", ATTEMPTS_PER_ADDRESS);
  const passwords = limiter("password", PASSWORDS_PER_EMAIL);
  const links = limiter("link", LINKS_PER_EMAIL);
  return {
    admitPassword: async ({ email, address }) =>
      (await admitted(addresses, address)) && (await admitted(passwords, email)),
    forgivePassword: async ({ email, address }) => {
      await Promise.all([passwords.delete(email), addresses.reward(address)]);
    },
    admitLink: async ({ email, address }) => (await admitted(addresses, address)) && (await admitted(links, email)),
  };
}

async function admitted(limiter: RateLimiterDrizzle, key: string): Promise<boolean> {
  try {
    await limiter.consume(key);
    return true;
  } catch (rejection) {
    if (rejection instanceof RateLimiterRes) return false;
    throw rejection;
  }
}
