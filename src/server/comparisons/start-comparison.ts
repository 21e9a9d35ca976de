import { type RunConfig, runConfigSchema } from '#core/config/run-config.ts';
import { AppError, notFound } from '#core/errors.ts';
import type { Db, Prisma } from '#db/client.ts';
import { notify } from '#db/events/events.ts';
import type { ProjectAccess } from '../access.ts';
import type { Actor } from '../actor.ts';
import { checkLaunch, requireSealed } from '../runs/check-launch.ts';
import { queueRuns } from '../runs/queue-runs.ts';
import { readStoredConfig } from '../runs/run-view.ts';
import type { FoundSource } from '../transfer/find-source.ts';

export interface Arm {
  /** see ComparisonRun.arm */
  arm: number;
  /** name of its runs, without the seed */
  name: string;
  /** without its seed */
  config: RunConfig;
}

export interface Started {
  id: string;
  /** runs that had to be launched, by number; the rest had been trained, or were training, already */
  launched: { id: string; number: number; name: string }[];
}

/** Runs that are looked through for ones to take over, newest first. */
const NEWEST = 1_000;
const LONGEST_NAME = 80;

/**
 * One run for each arm and seed: a run of this project with the very same configuration is taken over, what lacks is launched,
 * all or none. A copy has the run of its own seed in the first arm as its parent, so that the two differ in the change alone.
 * The same comparison asked for again is the one that there is.
 */
export async function startComparison(
  db: Db,
  actor: Actor,
  access: ProjectAccess,
  of: { kind: 'remedy' | 'ladder'; remedy: string | null; base: BaseRun },
  arms: readonly Arm[],
  seeds: readonly number[],
): Promise<Started> {
  const { kind, remedy, base } = of;
  if (base.config.mode !== 'train')
    throw new AppError('conflict', 'This run only checked its configuration. Launch it as a training first.');
  const dataset = await requireSealed(db, base.projectId, base.datasetId);
  const sources: (FoundSource | null)[] = [];
  for (const { config } of arms) sources.push(await checkLaunch(db, actor, access, dataset, config));

  const started = await db.prisma.$transaction(async (tx) => {
    // Two who press at once would both launch what lacks: the second waits here and finds it.
    // Not FOR UPDATE: rows that only name the project (a run that is deleted logs it) would wait for this and this for them.
    await tx.$queryRaw`SELECT 1 FROM "Project" WHERE id = ${base.projectId}::uuid FOR NO KEY UPDATE`;
    const known = await knownRuns(tx, base);
    const members: { arm: number; seed: number; runId: string }[] = [];
    const launched: Started['launched'] = [];
    for (const [i, { arm, name, config }] of arms.entries()) {
      const wanted = seeds.map((seed) => ({ seed, config: runConfigSchema.parse({ ...config, seed }) }));
      const lacking = wanted.filter((each) => !known.has(keyOf(each.config)));
      const drafts = lacking.map((each) => ({
        name: seedName(name, seeds.length > 1 ? each.seed : null),
        config: each.config,
        parentId: i === 0 ? base.id : (members.find((m) => m.seed === each.seed)?.runId ?? base.id),
        source: sources[i]!,
      }));
      const runs = drafts.length > 0 ? await queueRuns(tx, actor, access, dataset, drafts) : [];
      for (const [k, each] of lacking.entries()) known.set(keyOf(each.config), runs[k]!.id);
      launched.push(...runs);
      for (const each of wanted) members.push({ arm, seed: each.seed, runId: known.get(keyOf(each.config))! });
    }
    const runs = [...new Map(members.map(({ arm, runId }) => [runId, { arm, runId }])).values()];
    const same = launched.length === 0 ? await sameComparison(tx, base.id, kind, remedy, runs) : null;
    if (same) return { id: same, launched };
    const { id } = await tx.comparison.create({
      data: {
        projectId: base.projectId,
        kind,
        remedy,
        baseId: base.id,
        createdById: actor.userId,
        members: { createMany: { data: runs } },
      },
    });
    return { id, launched };
  });
  for (const { id } of started.launched) await notify(db.pool, { topic: 'run', id, projectId: base.projectId });
  return started;
}

export interface BaseRun {
  id: string;
  projectId: string;
  datasetId: string;
  /** without the seed that a launch over several adds */
  name: string;
  config: RunConfig;
}

export async function readBase(db: Db, runId: string): Promise<BaseRun> {
  const run = await db.prisma.run.findUnique({
    where: { id: runId },
    select: { id: true, projectId: true, datasetId: true, name: true, config: true },
  });
  if (!run) throw notFound('run');
  return { ...run, name: run.name.replace(/ · seed \d+$/, ''), config: readStoredConfig(run.config) };
}

/**
 * The seed of the run itself, then those that its configuration was trained with already, then the next numbers: as few
 * launches as can be.
 */
export async function seedsFor(db: Db, base: BaseRun, n: number): Promise<number[]> {
  const bare = JSON.stringify({ ...base.config, seed: 0 });
  const known = (await knownConfigs(db.prisma, base)).flatMap(({ config }) =>
    JSON.stringify({ ...config, seed: 0 }) === bare ? [config.seed] : [],
  );
  const seeds = new Set([base.config.seed, ...known.sort((a, b) => a - b)].slice(0, n));
  for (let seed = base.config.seed + 1; seeds.size < n; seed++) seeds.add(seed % 2 ** 31);
  return [...seeds].slice(0, n);
}

function seedName(name: string, seed: number | null): string {
  const end = seed === null ? '' : ` · seed ${seed}`;
  return `${name.slice(0, LONGEST_NAME - end.length)}${end}`;
}

/** The schema puts properties in one order, whoever wrote them. */
const keyOf = (config: RunConfig) => JSON.stringify(config);

/** Configuration -> id of a run that was not cut short; the run itself before others, older before newer. */
async function knownRuns(db: Prisma.TransactionClient, base: BaseRun): Promise<Map<string, string>> {
  return new Map((await knownConfigs(db, base)).map(({ id, config }) => [keyOf(config), id]));
}

async function knownConfigs(db: Prisma.TransactionClient, base: BaseRun) {
  const rows = await db.run.findMany({
    where: {
      projectId: base.projectId,
      datasetId: base.datasetId,
      // What wasCutShort of core/run/stop-reasons.ts says of a row.
      OR: [{ state: { in: ['queued', 'running', 'finished'] } }, { stopReason: 'not_a_number' }],
      stopRequestedAt: null,
    },
    orderBy: { number: 'desc' },
    take: NEWEST,
    select: { id: true, config: true },
  });
  rows.sort((a, b) => Number(a.id === base.id) - Number(b.id === base.id));
  return rows.map(({ id, config }) => ({ id, config: readStoredConfig(config) }));
}

async function sameComparison(
  db: Prisma.TransactionClient,
  baseId: string,
  kind: string,
  remedy: string | null,
  runs: readonly { arm: number; runId: string }[],
): Promise<string | null> {
  const found = await db.comparison.findMany({
    where: { baseId, kind, remedy },
    select: { id: true, members: { select: { arm: true, runId: true } } },
  });
  const key = (members: readonly { arm: number; runId: string }[]) =>
    members
      .map(({ arm, runId }) => `${arm} ${runId}`)
      .sort()
      .join();
  return found.find((one) => key(one.members) === key(runs))?.id ?? null;
}
