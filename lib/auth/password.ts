import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

type Cost = { log2N: number; blockSize: number; parallelism: number };

/** 32 MB and some tenths of a second for each guess. Kept in each hash, so that a later change leaves old passwords valid. */
const COST: Cost = { log2N: 15, blockSize: 8, parallelism: 3 };
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const FORM = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]{43})$/;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, COST);
  const cost = `ln=${COST.log2N},r=${COST.blockSize},p=${COST.parallelism}`;
  return `$scrypt$${cost}$${salt.toString("base64url")}$${key.toString("base64url")}`;
}

/** Without a hash (no such person, or one who has no password) it takes the same time and says no. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const parts = FORM.exec(hash ?? "");
  if (!parts) {
    await derive(password, randomBytes(SALT_BYTES), COST);
    return false;
  }
  const [log2N, blockSize, parallelism] = parts.slice(1, 4).map(Number) as [number, number, number];
  const [salt, expected] = parts.slice(4, 6).map((part) => Buffer.from(part, "base64url")) as [Buffer, Buffer];
  const actual = await derive(password, salt, { log2N, blockSize, parallelism });
  return timingSafeEqual(actual, expected);
}

/** Normalised, as keyboards differ in how they compose the same accented letter. */
function derive(password: string, salt: Buffer, { log2N, blockSize, parallelism }: Cost): Promise<Buffer> {
  const N = 2 ** log2N;
  const options = { N, r: blockSize, p: parallelism, maxmem: 256 * N * blockSize };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
