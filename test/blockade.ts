import pg from "pg";
import { vi } from "vitest";

/** Another session that holds row locks, so that what needs those rows stands in line until it lets go: interleavings by force, not by luck. */
export class Blockade {
  private constructor(private readonly client: pg.Client) {}

  static async of(url: string): Promise<Blockade> {
    const client = new pg.Client({ connectionString: url });
    // A server that is restarted under it ends it.
    client.on("error", () => {});
    await client.connect();
    return new Blockade(client);
  }

  /** Locks what the query finds, until `release`. */
  async hold(query: string): Promise<void> {
    await this.client.query("begin");
    await this.client.query(`${query} for update`);
  }

  async release(): Promise<void> {
    await this.client.query("commit");
  }

  /** Until so many sessions of this database, or more, wait for a lock. */
  async untilWaiting(count: number): Promise<void> {
    await vi.waitFor(
      async () => {
        // A transaction sees the sessions as they were when it first looked.
        await this.client.query("select pg_stat_clear_snapshot()");
        const { rows } = await this.client.query(
          "select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        );
        if (rows[0].waiting < count) throw new Error(`${rows[0].waiting} sessions wait, fewer than ${count}`);
      },
      { timeout: 20_000, interval: 3 },
    );
  }

  async end(): Promise<void> {
    await this.client.end();
  }
}
