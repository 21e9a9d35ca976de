import { hostname } from 'node:os';
import type { Pool } from 'pg';
import { notify } from '#db/events/events.ts';
import type { EngineInfo } from '#engine/engine.ts';

const HEARTBEAT_MS = 5_000;

export interface Registration {
  trainerId: string;
  /** The trainer shuts down. */
  end(): Promise<void>;
}

/** The trainer's row, kept alive by a heartbeat; rows of this machine's trainers that died are marked as stopped. */
export async function registerTrainer(
  pool: Pool,
  info: EngineInfo,
  { memoryBytes, slots }: { memoryBytes: number; slots: number },
): Promise<Registration> {
  const host = hostname();
  await pool.query(
    `UPDATE "Trainer" SET "stoppedAt" = now() WHERE host = $1 AND "stoppedAt" IS NULL AND "heartbeatAt" < now() - interval '20 seconds'`,
    [host],
  );
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO "Trainer" (id, name, host, pid, device, engine, info) VALUES (gen_random_uuid(), $1, $1, $2, $3, $4, $5) RETURNING id`,
    [
      host,
      process.pid,
      info.device,
      info.kind,
      JSON.stringify({
        version: info.version,
        threads: info.threads,
        reason: info.reason,
        memoryBytes,
        slots,
        devices: info.devices.length,
        bf16: info.bf16,
      }),
    ],
  );
  const trainerId = rows[0]!.id;
  const changed = () => notify(pool, { topic: 'trainer', id: trainerId, projectId: '' });
  await changed();
  const timer = setInterval(() => {
    // A beat that is missed while the database is away is made up for by the next one.
    pool
      .query(`UPDATE "Trainer" SET "heartbeatAt" = now(), "stoppedAt" = NULL WHERE id = $1`, [trainerId])
      .catch(() => {});
  }, HEARTBEAT_MS);
  return {
    trainerId,
    async end() {
      clearInterval(timer);
      await pool.query(`UPDATE "Trainer" SET "stoppedAt" = now() WHERE id = $1`, [trainerId]);
      await changed();
    },
  };
}
