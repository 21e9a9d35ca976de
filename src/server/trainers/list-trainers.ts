import type { Db } from '#db/client.ts';
import { QUEUE_ORDER } from '#db/sql/queue-order.ts';
import { visibleProjects } from '../access.ts';
import type { Actor } from '../actor.ts';
import { TRAINER_SILENCE_MS, type TrainerInfo } from './live-trainers.ts';

/** Trainers that have ended stay in the list this long. */
const KEEP_MS = 3_600_000;

/** What everybody may know of a run: names only of what they may read. */
interface RunName {
  projectId: string;
  runId: string;
  number: number;
  name: string;
  project: string;
  team: string;
}

/**
 * The devices, what each does, and who waits. Everybody who is signed in sees that a device is busy; whose run it is
 * they see as far as they may read it.
 */
export async function listTrainers(db: Db, actor: Actor, now = new Date()) {
  const [trainers, busy, queue, visible] = await Promise.all([
    db.prisma.trainer.findMany({
      where: {
        OR: [
          { stoppedAt: null, heartbeatAt: { gt: new Date(now.getTime() - 86_400_000) } },
          { stoppedAt: { gt: new Date(now.getTime() - KEEP_MS) } },
        ],
      },
      orderBy: [{ host: 'asc' }, { device: 'asc' }, { startedAt: 'desc' }],
    }),
    db.prisma.run.findMany({
      where: { state: 'running', trainerId: { not: null } },
      select: {
        id: true,
        trainerId: true,
        startedAt: true,
        epoch: true,
        step: true,
        totalSteps: true,
        itemsPerSecond: true,
      },
    }),
    db.pool.query<{ id: string; position: number }>(`${QUEUE_ORDER} ORDER BY position LIMIT 200`),
    db.prisma.run.findMany({
      where: { state: { in: ['queued', 'running'] }, project: visibleProjects(actor) },
      select: {
        id: true,
        number: true,
        name: true,
        createdAt: true,
        project: { select: { id: true, name: true, team: { select: { name: true } } } },
      },
    }),
  ]);
  const names = new Map<string, RunName & { createdAt: Date }>(
    visible.map(({ project, id, number, name, createdAt }) => [
      id,
      { projectId: project.id, runId: id, number, name, project: project.name, team: project.team.name, createdAt },
    ]),
  );
  return {
    trainers: trainers.map((trainer) => {
      const info = trainer.info as unknown as Partial<TrainerInfo>;
      const runs = busy.filter((one) => one.trainerId === trainer.id);
      const silent = now.getTime() - trainer.heartbeatAt.getTime() > TRAINER_SILENCE_MS;
      return {
        id: trainer.id,
        name: trainer.name,
        host: trainer.host,
        device: trainer.device,
        engine: trainer.engine,
        version: info.version ?? null,
        threads: info.threads ?? null,
        memoryBytes: info.memoryBytes ?? null,
        devices: info.devices ?? 1,
        bf16: info.bf16 ?? false,
        reason: info.reason ?? null,
        startedAt: trainer.startedAt,
        heartbeatAt: trainer.heartbeatAt,
        state: trainer.stoppedAt
          ? ('stopped' as const)
          : silent
            ? ('lost' as const)
            : runs.length > 0
              ? ('busy' as const)
              : ('free' as const),
        runs: runs.map((run) => ({
          id: run.id,
          visible: names.get(run.id) ?? null,
          startedAt: run.startedAt,
          step: run.step,
          totalSteps: run.totalSteps,
          itemsPerSecond: run.itemsPerSecond,
        })),
      };
    }),
    queue: queue.rows.map(({ id, position }) => ({ position: position + 1, visible: names.get(id) ?? null })),
  };
}
