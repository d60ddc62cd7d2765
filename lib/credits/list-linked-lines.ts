import { sql } from "drizzle-orm";
import { z } from "zod";
import { LEDGER_KINDS, type LedgerKind } from "@/lib/billing/ledger";
import type { AccountContext } from "@/lib/context";
import { id, instant, micro, rows } from "@/lib/db/rows";

/** Another line about the same hours of the same resources: what it moved there, and when it was written. */
export type LinkedLine = { seq: number; kind: LedgerKind; at: Date; reason: string | null; creditsMicro: bigint };

const linkedRow = z.object({
  seq: id,
  kind: z.enum(LEDGER_KINDS),
  at: instant,
  reason: z.string().nullable(),
  credits_micro: micro,
});

const LINES_SHOWN = 100;

/**
 * The lines that charge or correct the same hours of the same resources as a line does (C6, C8): the line that it corrects, those that
 * correct it, and running time of those hours that was reported late. `creditsMicro` is the ledger's: negative where it charges.
 */
export async function listLinkedLines(ctx: AccountContext, seq: number): Promise<LinkedLine[]> {
  const found = await rows(
    ctx.db,
    linkedRow,
    sql`select l.seq, l.kind, l.at, l.reason, -sum(other.credits_micro)::bigint as credits_micro
      from usage own
      join usage other on other.account_id = own.account_id and other.hour = own.hour and other.resource_id = own.resource_id
        and other.deployment_id = own.deployment_id and other.component = own.component and other.ledger_seq <> own.ledger_seq
      join ledger l on l.account_id = other.account_id and l.seq = other.ledger_seq
      where own.account_id = ${ctx.accountId} and own.ledger_seq = ${seq}
        and (own.deployment_id <> 0 or l.corrects_seq = ${seq} or exists (
          select 1 from ledger c where c.account_id = own.account_id and c.seq = ${seq} and c.corrects_seq = l.seq
        ))
      group by l.seq, l.kind, l.at, l.reason order by l.seq limit ${LINES_SHOWN}`,
  );
  return found.map(({ credits_micro: creditsMicro, ...line }) => ({ ...line, creditsMicro }));
}
