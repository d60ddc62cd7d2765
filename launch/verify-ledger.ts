import { existsSync } from "node:fs";
import { verifyLedger } from "@/lib/credits/verify-ledger";
import { openDatabase } from "@/lib/db/client";
import { env } from "@/lib/env";
import { describeError } from "@/lib/errors";

/** `npm run verify:ledger`: one line per invariant; ends with 1 when any account differs. */
async function main(): Promise<number> {
  if (existsSync(".env")) process.loadEnvFile();
  const { db, close } = openDatabase(env().DATABASE_URL, { max: 2 });
  try {
    const results = await verifyLedger({ db, now: new Date(), actor: "verify:ledger" });
    for (const { invariant, checked, differences } of results) {
      console.log(
        `${differences.length === 0 ? "ok  " : "DIFF"}  ${checked} accounts checked, ${differences.length} differences: ${invariant}`,
      );
      for (const { accountId, detail } of differences.slice(0, 20))
        console.log(`        account ${accountId}: ${detail}`);
    }
    return results.some(({ differences }) => differences.length > 0) ? 1 : 0;
  } finally {
    await close();
  }
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(describeError(error).message);
  return 1;
});
