import { readSeries } from '#db/series/series.ts';
import { makeDataset, makeRun } from '#db/testing/fixtures.ts';
import { logPoints } from '#server/runs/log-points.ts';
import { startProduct } from './support/product.ts';

/** Points a second that scripts can log: requests of 1,000 points, one after the other and eight at once; then reading them back. */

const POINTS = 1_000;
function say(what: string, points: number, started: number): void {
  const rate = Math.round((points * 1_000) / (performance.now() - started));
  console.log(`${what.padEnd(64)} ${rate.toLocaleString('en').padStart(9)} points/s`);
}
const product = await startProduct();
try {
  const { db, actor } = product;
  const project = await db.prisma.project.create({
    data: { teamId: (await db.prisma.team.findFirstOrThrow()).id, name: 'logging' },
  });
  const dataset = await makeDataset(db, { project, user: { id: actor.userId } });
  const newRun = async () => (await makeRun(db, { project, dataset }, { state: 'finished', endedAt: new Date() })).id;
  const request = (runId: string, from: number, series: number) => {
    const each = POINTS / series;
    const steps = Array.from({ length: each }, (_, i) => from + i);
    return logPoints(db, actor, runId, {
      series: Array.from({ length: series }, (_, i) => ({
        name: `custom/s${i}`,
        steps,
        values: steps.map((s) => Math.sin(s)),
      })),
    });
  };
  const measure = async (what: string, requests: number, parallel: number, series: number) => {
    const runs = await Promise.all(Array.from({ length: parallel }, newRun));
    const started = performance.now();
    await Promise.all(
      runs.map(async (runId) => {
        for (let i = 0; i < requests; i++) await request(runId, i * (POINTS / series), series);
      }),
    );
    const seconds = (performance.now() - started) / 1_000;
    const points = requests * parallel * POINTS;
    console.log(
      `${what.padEnd(64)} ${Math.round(points / seconds)
        .toLocaleString('en')
        .padStart(9)} points/s`,
    );
    return runs[0]!;
  };
  /** The way without blocks: one row a point, one INSERT a request, nothing checked. */
  const measureRows = async (what: string, requests: number, parallel: number) => {
    const runs = await Promise.all(Array.from({ length: parallel }, newRun));
    const started = performance.now();
    await Promise.all(
      runs.map(async (runId) => {
        for (let i = 0; i < requests; i++) {
          const steps = Array.from({ length: POINTS }, (_, k) => i * POINTS + k);
          const columns = [steps, steps.map(() => Date.now()), steps.map((s) => Math.sin(s))];
          await db.pool.query(
            `INSERT INTO points SELECT $1, $2, * FROM unnest($3::int[], $4::float8[], $5::float8[])`,
            [runId, 'custom/s0', ...columns],
          );
        }
      }),
    );
    say(what, requests * parallel * POINTS, started);
  };
  await db.pool.query(
    `CREATE TABLE points (run uuid, name text, step int, time float8, value float8, PRIMARY KEY (run, name, step))`,
  );
  await measure('warm-up', 20, 1, 1);
  const run = await measure('1,000 points of one series a request, one client', 200, 1, 1);
  await measure('1,000 points of ten series a request, one client', 200, 1, 10);
  await measure('1,000 points of one series a request, eight clients', 50, 8, 1);
  await measureRows('for comparison: one row a point, nothing checked, one client', 200, 1);
  await measureRows('for comparison: the same, eight clients', 50, 8);
  const started = performance.now();
  const [series] = await readSeries(db.pool, run, ['custom/s0']);
  say('reading one series back', series!.steps.length, started);
} finally {
  await product.close();
}
process.exit(0);
