import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { itemReport } from '#core/metric/item-report.ts';
import type { CertificateDocument } from '#core/seal/certificate.ts';
import { appendPoints } from '#db/series/series.ts';
import { makeDataset, makeProject } from '#db/testing/fixtures.ts';
import { finishedRun, sealedProject } from '#db/testing/sealed-project.ts';
import { testDb } from '#db/testing.ts';
import { createToken } from '#server/tokens/create-token.ts';
import { serve } from './cli/serve-for-tests.ts';

/** The command as people run it, against a real server on a real Postgres. */
const db = await testDb();
const folder = await mkdtemp(path.join(tmpdir(), 'holdout-cli-'));
Object.assign(process.env, { DATABASE_URL: db.url, HOLDOUT_DATA: folder, HOLDOUT_SECRET: 'x'.repeat(32) });
const rest = await import('#app/api/v1/[[...path]]/route.ts');
const uploads = await import('#app/api/uploads/[[...path]]/route.ts');
/** Bytes of each PATCH that the server took, and what happens after one. */
const patches: number[] = [];
let afterPatch = () => {};
const server = await serve(async (request) => {
  if (!new URL(request.url).pathname.startsWith('/api/uploads')) return rest.GET(request);
  const response = await uploads.PATCH(request);
  if (request.method === 'PATCH') {
    patches.push(Number(request.headers.get('content-length')));
    afterPatch();
  }
  return response;
});
afterAll(async () => {
  await server.close();
  await (await import('#server/db.ts')).db().close();
  await rm(folder, { recursive: true });
});

const schema = { kind: 'image-classification', image: { height: 8, width: 8, channels: 1 }, classes: ['a', 'b', 'c'] };
const { course, user, team, project } = await makeProject(db);
const dataset = await makeDataset(db, { user, project }, { schema, nTrain: 100, nValidation: 20, nTest: 21 });
const session = { userId: user.id, isAdmin: false, via: { kind: 'session' as const, sessionId: 's' } };
const { token } = await createToken(db, session, {
  name: 'cli',
  scopes: ['read', 'run', 'submit'],
  projectId: null,
  days: 1,
});

interface Result {
  code: number | null;
  out: string;
  err: string;
}

function start(
  args: string[],
  env: Record<string, string> = {},
  node = process.execPath,
): ChildProcessWithoutNullStreams {
  const known = { NODE_ENV: 'test' as const, HOLDOUT_URL: server.url, HOLDOUT_TOKEN: token, XDG_CONFIG_HOME: folder };
  return spawn(node, ['src/cli/bin.cjs', ...args], { env: { ...known, ...env }, stdio: 'pipe' });
}

async function ended(child: ChildProcessWithoutNullStreams): Promise<Result> {
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  return { code, out, err };
}

function holdout(args: string[], env: Record<string, string> = {}, input = ''): Promise<Result> {
  const child = start(args, env);
  child.stdin.end(input);
  return ended(child);
}

test('login tries the token, keeps it for its owner alone, and never shows it', async () => {
  const none = { HOLDOUT_URL: '', HOLDOUT_TOKEN: '' };
  const before = await holdout(['whoami'], none);
  expect(before).toMatchObject({ code: 77, err: expect.stringContaining('holdout login') });
  const wrong = await holdout(['login', server.url, '--token-stdin'], none, 'holdout_wrong\n');
  expect(wrong).toMatchObject({ code: 77, err: expect.stringContaining('not valid') });
  const right = await holdout(['login', server.url, '--token-stdin'], none, `${token}\n`);
  expect(right.code).toBe(0);
  const file = path.join(folder, 'holdout/credentials.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
  const after = await holdout(['whoami', '--json'], none);
  expect(JSON.parse(after.out)).toMatchObject({ id: user.id, token: { projectId: null }, teams: [{ id: team.id }] });
  for (const { out, err } of [wrong, right, after]) expect(out + err).not.toContain(token);
  const elsewhere = await holdout(['whoami'], { HOLDOUT_URL: 'http://127.0.0.1:1', HOLDOUT_TOKEN: '' });
  expect(elsewhere).toMatchObject({ code: 77, err: expect.stringContaining('signed in to') });
});

test('exit codes and words tell what went wrong', async () => {
  expect(await holdout(['run', 'lanch'])).toMatchObject({ code: 64, err: expect.stringContaining('launch') });
  const gone = await holdout(['run', 'show', crypto.randomUUID(), '--json']);
  expect(gone.code).toBe(66);
  expect(JSON.parse(gone.err).error).toMatchObject({ code: 'not_found', items: [] });
  const nobody = await holdout(['project', 'list'], { HOLDOUT_URL: 'http://127.0.0.1:1' });
  expect(nobody).toMatchObject({ code: 69, err: expect.stringContaining('Is the server running') });
  expect(await holdout(['whoami'], { HOLDOUT_URL: 'lab' })).toMatchObject({ code: 64 });
  const help = await holdout(['help', 'exit-codes']);
  for (const code of [64, 65, 66, 69, 70, 75, 77, 130]) expect(help.out).toContain(` ${code}  `);
});

test('projects are made for the team that one is in, and named where there are several', async () => {
  const made = await holdout(['project', 'create', 'Second', '--json']);
  expect(JSON.parse(made.out)).toMatchObject({ name: 'Second', team: { id: team.id }, canWrite: true });
  expect(await holdout(['project', 'create', 'Second'])).toMatchObject({ code: 75 });
  expect(await holdout(['project', 'create', 'x', '--team', 'Nobody'])).toMatchObject({ code: 66 });
  expect((await holdout(['project', 'list'])).out).toMatch(/^name .*\n.*Project .*\nSecond /s);
  const several = await holdout(['run', 'list']);
  expect(several).toMatchObject({ code: 64, err: expect.stringContaining('"Second"') });
});

test('a run is launched from a preset and a file, refused item by item, followed to its end', async () => {
  const file = path.join(folder, 'run.json');
  await writeFile(file, JSON.stringify({ epochs: 2, batchSize: 50, optimiser: 'adam' }));
  const launch = ['run', 'launch', '--project', project.name, '--preset', 'mlp', '--config', file];
  const wrong = await holdout(launch);
  expect(wrong.code).toBe(64);
  expect(wrong.err).toBe(`holdout: ${file}, line 1: has no "optimiser"; did you mean "optimizer"?\n`);
  await writeFile(file, JSON.stringify({ epochs: 0, batchSize: 50 }));
  const few = await holdout(launch);
  expect(few.err).toBe(`holdout: ${file}, line 1: epochs: must be at least 1\n`);
  await writeFile(file, JSON.stringify({ epochs: 2, batchSize: 50 }));
  const launched = JSON.parse((await holdout([...launch, '--json'])).out);
  expect(launched).toMatchObject({ state: 'queued', datasetId: dataset.id, config: { epochs: 2, batchSize: 50 } });

  const child = start(['run', 'show', String(launched.number), '--project', project.name, '--follow']);
  const seen = ended(child);
  await db.prisma.run.update({ where: { id: launched.id }, data: { state: 'running', startedAt: new Date() } });
  const losses = (values: number[]) => ({ steps: [2, 4], times: [1, 2], values });
  await appendPoints(db.pool, launched.id, [
    { name: 'loss/train', ...losses([0.9, 0.4]) },
    { name: 'loss/validation', ...losses([0.8, Number.NaN]) },
  ]);
  const end = { state: 'finished', step: 4, epoch: 2, endedAt: new Date(), bestEpoch: 1, bestValue: 0.75 } as const;
  await db.prisma.run.update({ where: { id: launched.id }, data: end });
  const { code, err } = await seen;
  expect(code).toBe(0);
  expect(err).toMatch(/epoch +1 {2}loss\/train 0\.9000 +loss\/validation 0\.8000/);
  expect(err).toMatch(/epoch +2 {2}loss\/train 0\.4000 +loss\/validation not a number/);
  expect(err).toContain('Best: epoch 1, 0.7500 on validation');

  const task = { kind: 'classification', classes: 3 } as const;
  const report = itemReport(task, Float32Array.of(2, 0, 0, 0, 0, 2), Int32Array.of(0, 1), 1);
  await db.prisma.runItemReport.create({ data: { runId: launched.id, report } });
  await appendPoints(db.pool, launched.id, [{ name: 'profile/step', ...losses([1, 2]) }]);
  const told = await holdout(['run', 'report', launched.id]);
  expect(told.err).toContain('2 validation items, answered by the weights of epoch 1.');
  expect(told.out).toMatch(/^class +items +right +precision +recall +f1\na +1 +1 +1\.000 +1\.000 +1\.000\n/);
  expect(told.out).toMatch(/\nb +c +1\n/);
  expect(told.out).toMatch(/\nSteps +3\.00 +100\.0\n/);
  const inJson = JSON.parse((await holdout(['run', 'report', launched.id, '--json'])).out);
  expect(inJson).toMatchObject({
    mode: 'train',
    rates: null,
    items: { n: 2 },
    profile: [{ phase: 'step', seconds: 3 }],
  });

  const csv = await holdout(['series', 'export', launched.id, '--name', 'loss/validation', '--csv']);
  expect(csv.out).toBe(
    'name,step,time,value\nloss/validation,2,1970-01-01T00:00:00.001Z,0.8\nloss/validation,4,1970-01-01T00:00:00.002Z,NaN\n',
  );
  const json = await holdout(['series', 'export', launched.id, '--json']);
  expect(JSON.parse(json.out).map((each: { name: string }) => each.name)).toEqual([
    'loss/train',
    'loss/validation',
    'profile/step',
  ]);
});

test('Ctrl-C ends the watching and says that the run goes on', async () => {
  const config = ['--preset', 'linear', '--project', project.name];
  const child = start(['run', 'launch', ...config, '--follow']);
  let shown = '';
  const waits = new Promise<void>((resolve) => {
    child.stderr.on('data', (chunk) => {
      shown += chunk;
      if (shown.includes('waits')) resolve();
    });
  });
  await waits;
  child.kill('SIGINT');
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(130);
  expect(shown).toContain('goes on');
  const [run] = JSON.parse((await holdout(['run', 'list', '--project', project.name, '--json'])).out);
  expect(run.state).toBe('queued');
  const stopped = await holdout(['run', 'stop', run.id]);
  expect(stopped).toMatchObject({ code: 0, err: expect.stringContaining('cancelled') });
});

test('an upload that was cut off goes on where it stopped', async () => {
  const { project: empty } = await makeProject(db, { course, team, user });
  const size = 40 * 1024 * 1024;
  const file = path.join(folder, 'large.csv');
  await writeFile(file, Buffer.alloc(size, 'a,b\n'));
  const upload = ['dataset', 'upload', file, '--project', empty.name];
  const first = start(upload);
  afterPatch = () => first.kill('SIGKILL');
  await ended(first);
  expect(patches).toHaveLength(1);
  const dataset = await db.prisma.dataset.findFirstOrThrow({ where: { projectId: empty.id } });
  expect(dataset).toMatchObject({ state: 'uploading', name: 'large', bytes: BigInt(size) });

  const second = start(upload);
  afterPatch = () => {};
  let shown = '';
  await new Promise<void>((resolve) => {
    second.stderr.on('data', (chunk) => {
      shown += chunk;
      if (shown.includes('Uploaded to')) resolve();
    });
  });
  second.kill('SIGINT');
  expect(await new Promise((resolve) => second.once('close', resolve))).toBe(130);
  expect(shown).toContain(dataset.id);
  expect(patches.reduce((sum, bytes) => sum + bytes, 0)).toBe(size);
  expect(await db.prisma.dataset.findMany({ where: { projectId: empty.id } })).toMatchObject([{ state: 'uploaded' }]);
  const another = path.join(folder, 'another.csv');
  await writeFile(another, 'a,b\n1,2\n');
  const refused = await holdout(['dataset', 'upload', another, '--project', empty.name]);
  expect(refused).toMatchObject({ code: 75, err: expect.stringContaining('"large"') });
  const cancelled = await holdout(['dataset', 'cancel', dataset.id]);
  expect(cancelled).toMatchObject({ code: 0, err: expect.stringContaining('cancelled') });
});

test('a file is uploaded by one request with a streamed body, whole or not at all', async () => {
  const { project: empty } = await makeProject(db, { course, team, user });
  const size = 12_345_678;
  const url = `${server.url}/api/v1/projects/${empty.id}/datasets?filename=x.csv&name=Streamed`;
  const send = (bytes: number, announced: number) =>
    fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-length': String(announced) },
      body: Buffer.alloc(bytes, '1,2\n'),
    });
  expect((await send(0, 0)).status).toBe(422);
  const body = new Blob(['a,b']).stream();
  const unsaid = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body,
    duplex: 'half',
  } as RequestInit);
  expect(await unsaid.json()).toMatchObject({ status: 400, detail: expect.stringContaining('Content-Length') });
  const response = await send(size, size);
  expect(response.status).toBe(201);
  const { id } = (await response.json()) as { id: string };
  const stored = await db.prisma.dataset.findUniqueOrThrow({ where: { id } });
  expect(stored).toMatchObject({ name: 'Streamed', state: 'uploaded', bytes: BigInt(size) });
  expect((await stat(path.join(folder, 'blobs/uploads', id))).size).toBe(size);
});

test('opening with another run than the committed one is a conflict, with the same run it is that opening', async () => {
  const made = await sealedProject(db);
  const projectId = made.project.id;
  const target = { projectId, datasetId: made.dataset.id };
  const digest = 'a'.repeat(64);
  const model = { layers: [{ type: 'dense', name: 'out', units: 2, activation: 'linear', bias: true }] };
  const config = { model, optimizer: { kind: 'adam' }, learningRate: 0.01, batchSize: 10, epochs: 3 };
  const [first, second] = [
    await finishedRun(db, target, { weightsKey: 'w', digest }, config),
    await finishedRun(db, target, { weightsKey: 'w', digest }, config),
  ];
  const actor = { userId: made.student.id, isAdmin: false, via: { kind: 'session' as const, sessionId: 's' } };
  const own = await createToken(db, actor, {
    name: 'cli',
    scopes: ['read', 'run', 'submit'],
    projectId: null,
    days: 1,
  });
  const env = { HOLDOUT_TOKEN: own.token };
  await db.prisma.opening.create({
    data: {
      projectId,
      runId: first.id,
      weightsDigest: digest,
      weightsKey: 'w',
      configDigest: digest,
      epoch: 3,
      validation: 0.9,
      n: 10,
      committedById: made.student.id,
    },
  });
  const open = (run: { name: string }) =>
    holdout(['final', 'open', run.name, '--project', made.project.name, '--confirm', made.project.name], env);
  const said = (state: string) => expect.stringContaining(`was ${state} with run ${first.name}`);
  expect(await open(second)).toMatchObject({ code: 75, err: said('committed') });

  const interval = { low: 0.6, high: 0.98 };
  const result = {
    metric: 'accuracy' as const,
    n: 10,
    value: 0.9,
    right: 9,
    interval,
    method: 'Wilson',
    baseline: { description: 'always answers no', value: 0.5 },
    macroF1: 0.9,
    logLoss: null,
    perClass: [],
  };
  const openedAt = new Date();
  const document: CertificateDocument = {
    type: 'holdout-certificate',
    version: 1,
    project: { id: projectId, name: made.project.name },
    course: { id: made.course.id, name: made.course.name, term: made.course.term },
    team: { id: made.team.id, name: made.team.name },
    dataset: {
      id: made.dataset.id,
      name: 'data',
      contentDigest: made.dataset.contentDigest!,
      splitDigest: made.dataset.splitDigest!,
      sealedDigest: digest,
    },
    run: {
      id: first.id,
      number: first.number,
      name: first.name,
      epoch: 3,
      configDigest: digest,
      weightsDigest: digest,
    },
    validation: { n: 10, value: 0.9 },
    result,
    earlierOpenings: [
      {
        project: { id: crypto.randomUUID(), name: 'First try' },
        committedAt: openedAt.toISOString(),
        openedAt: openedAt.toISOString(),
      },
    ],
    committedBy: 'Amira',
    committedAt: openedAt.toISOString(),
    openedAt: openedAt.toISOString(),
  };
  const certificate = { document, signature: { algorithm: 'Ed25519', keyId: 'k', value: 'AAAA' } };
  await db.prisma.opening.update({
    where: { projectId },
    data: { state: 'opened', attempts: 1, openedAt, result, certificate },
  });
  expect(await open(second)).toMatchObject({ code: 75, err: said('opened') });
  expect(await open(first)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/opened before +First try \(opened /),
  });
  expect(await holdout(['final', 'show', '--project', made.project.name], env)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/opened before +First try \(opened /),
  });
});

test('a certificate is checked without any server', async () => {
  const file = path.join(folder, 'certificate.json');
  const keys = path.join(folder, 'keys.json');
  await writeFile(file, '{}');
  await writeFile(keys, JSON.stringify({ keys: [] }));
  const none = { HOLDOUT_URL: '', HOLDOUT_TOKEN: '', XDG_CONFIG_HOME: '/nowhere' };
  const verdict = await holdout(['final', 'verify', file, '--keys', keys, '--json'], none);
  expect(verdict.code).toBe(1);
  expect(JSON.parse(verdict.out)).toMatchObject({ valid: false });
  expect(await holdout(['final', 'verify', file, '--keys', file], none)).toMatchObject({ code: 65 });
});

test('a model is uploaded, and listed among what runs may start from', async () => {
  const file = 'src/server/transfer/import/fixtures/sequential.keras';
  const of = ['--project', project.id];
  const { id } = JSON.parse((await holdout(['model', 'import', file, '--name', 'Pretrained', '--json', ...of])).out);
  const listed = await holdout(['run', 'sources', ...of]);
  expect(listed.out).toContain('Pretrained');
  expect(listed.out).toContain(`{"model":"${id}"}`);
  expect(await holdout(['model', 'import', 'package.json', ...of])).toMatchObject({
    code: 65,
    err: expect.stringContaining('No model was found in package.json'),
  });
  expect(await holdout(['model', 'import', 'nowhere.h5', ...of])).toMatchObject({ code: 64 });
});

test('transfer is tried from the source that is named', async () => {
  const elsewhere = await makeProject(db, { course, team, user });
  const file = 'src/server/transfer/import/fixtures/sequential.keras';
  const named = async (name: string) =>
    JSON.parse(
      (await holdout(['model', 'import', file, '--name', name, '--json', '--project', elsewhere.project.id])).out,
    ).id as string;
  const first = await named('First');
  for (let i = 0; i < 2; i++) await named('Second');
  const made = await makeProject(db, { course, team, user });
  await makeDataset(db, made, { schema, nTrain: 100, nValidation: 20, nTest: 21 });
  const at = ['--project', made.project.id];
  const launch = await holdout(['run', 'launch', '--preset', 'linear', '--name', 'plain', ...at]);
  expect(launch.code).toBe(0);
  const remedy = (...more: string[]) => holdout(['run', 'remedy', '1', 'transfer', '--seeds', '1', ...more, ...at]);

  expect(await remedy('--source', 'Second')).toMatchObject({ code: 64, err: /Say which with its id: model "Second"/ });
  expect(await remedy('--source', 'Third')).toMatchObject({ code: 66, err: /nothing "Third" to start from/ });
  expect(await remedy('--source', 'First')).toMatchObject({ code: 0, err: /Launched 1 run: plain \+ transfer/ });
  const { config } = await db.prisma.run.findFirstOrThrow({ where: { projectId: made.project.id, number: 2 } });
  expect(config).toMatchObject({ startFrom: { source: { model: first } } });
});

test('a run shows where its weights came from, and trainers what they compute on', async () => {
  const launch = ['run', 'launch', '--project', project.name, '--preset', 'linear', '--json'];
  const { id } = JSON.parse((await holdout(launch)).out);
  const taken = { cutAfter: null, layers: ['dense1'], weightsDigest: 'abcdef0123' };
  const file = { modelId: 'm', filename: 'base.keras', format: 'keras', fileDigest: 'f' };
  const sources = [{ kind: 'model', name: 'Pretrained', ...file, ...taken }];
  await db.prisma.lineage.create({ data: { runId: id, sources, weightsKey: 'k', digest: taken.weightsDigest } });
  const shown = await holdout(['run', 'show', id]);
  expect(shown.out).toMatch(/^weights from +Pretrained \(base\.keras\), all of it, weights abcdef01$/m);

  const info = { reason: 'No GPU: the library has no CUDA.', devices: 2 };
  const data = { name: 'bench', host: 'h', pid: 1, device: 'cpu:0', engine: 'tensorflow', info };
  await db.prisma.trainer.create({ data });
  const listed = await holdout(['trainer', 'list']);
  expect(listed.out).toMatch(/^bench +free +cpu:0 +2 +- +no +tensorflow/m);
  expect(listed.err).toContain('bench: No GPU: the library has no CUDA.');
});

test('model summary prints what torchinfo prints, without any server', async () => {
  const none = { HOLDOUT_URL: '', HOLDOUT_TOKEN: '', XDG_CONFIG_HOME: '/nowhere' };
  const summary = (...args: string[]) => holdout(['model', 'summary', ...args], none);
  const keypoints = ['--preset', 'keypoints', '--input', '96x96x1', '--output', '30', '--batch', '128'];
  const all = 'output_size,num_params,kernel_size,mult_adds,trainable';
  const theirs = await readFile('src/core/model/fixtures/torchinfo-keypoints.txt', 'utf8');
  expect(await summary(...keypoints, '--columns', all)).toEqual({ code: 0, out: theirs, err: '' });
  const table = JSON.parse((await summary(...keypoints, '--json')).out);
  expect(table).toMatchObject({ batchSize: 128, parameters: 3_640_318, inputMemory: 4_718_592 });

  const file = path.join(folder, 'model.json');
  const model = { layers: [{ type: 'dense', units: 3 }] };
  await writeFile(file, JSON.stringify({ model, batchSize: 8 }));
  expect((await summary('--config', file, '--input', '4')).out).toMatch(/^├─Linear: 1-1 +\[8, 3\] +15 +120 +True$/m);
  await writeFile(file, JSON.stringify({ model: { layers: [{ type: 'dense' }] }, batchsize: 8 }));
  const wrong = await summary('--config', file, '--input', '4');
  expect(wrong).toMatchObject({ code: 64, err: expect.stringContaining('model.json, line 1: units: is missing') });
  expect(wrong.err).toContain('"batchsize"');
});

test('model summary takes the model, the input and the batch from a run', async () => {
  const file = path.join(folder, 'run-to-summarise.json');
  await writeFile(file, JSON.stringify({ batchSize: 50 }));
  const launch = ['run', 'launch', '--project', project.name, '--preset', 'mlp', '--config', file, '--json'];
  const { id } = JSON.parse((await holdout(launch)).out);
  const ofRun = (...args: string[]) => holdout(['model', 'summary', '--run', id, ...args]);
  const local = ['model', 'summary', '--preset', 'mlp', '--input', '8x8x1', '--output', '3'];
  expect((await ofRun()).out).toBe((await holdout([...local, '--batch', '50'])).out);
  expect((await ofRun('--batch', '7')).out).toBe((await holdout([...local, '--batch', '7'])).out);
  expect((await ofRun()).out).toContain('Total params: 8,515');
  expect((await holdout(['model', 'summary', '--run', crypto.randomUUID()])).code).toBe(66);
});

const older = (process.env.PATH ?? '')
  .split(path.delimiter)
  .map((each) => path.join(each, 'node'))
  .find((file) => Number(/^v(\d+)/.exec(spawnSync(file, ['--version']).stdout?.toString() ?? '')?.[1]) < 24);

test.skipIf(older === undefined)('an older Node starts the one that came with the project', async () => {
  expect(await ended(start(['help', 'exit-codes'], {}, older))).toMatchObject({
    code: 0,
    out: expect.stringContaining('Exit codes'),
  });
  expect(await ended(start(['run', 'lanch'], {}, older))).toMatchObject({ code: 64 });
});

test.each([['-h'], ['--help']])('help %s', async (flag) => {
  expect(await holdout([flag])).toMatchObject({ code: 0, out: expect.stringContaining('dataset') });
});

test('a remedy is tried, and told with what it did and its noise', { timeout: 60_000 }, async () => {
  const made = await makeProject(db, { course, team, user });
  await makeDataset(db, made, { schema, nTrain: 100, nValidation: 20, nTest: 21 });
  const config = path.join(folder, 'hidden.json');
  const layers = [{ type: 'flatten' }, { type: 'dense', units: 8, activation: 'relu' }, { type: 'dense', units: 3 }];
  await writeFile(
    config,
    JSON.stringify({ model: { layers }, optimizer: { kind: 'adam' }, learningRate: 0.01, batchSize: 10, epochs: 3 }),
  );
  const at = ['--project', made.project.id];
  await holdout(['run', 'launch', '--config', config, '--name', 'plain', ...at]);

  const wrong = await holdout(['run', 'remedy', '1', 'prayer', ...at]);
  expect(wrong).toMatchObject({ code: 64, err: expect.stringContaining('There are: augmentation, dropout') });
  expect(await holdout(['run', 'remedy', '1', 'dropout', '--seeds', '2', ...at])).toMatchObject({ code: 64 });

  const tried = await holdout(['run', 'remedy', '1', 'dropout', '--seeds', '3', ...at]);
  expect(tried).toMatchObject({
    code: 0,
    err: expect.stringContaining('Launched 5 runs: plain · seed 1, plain · seed 2, plain + dropout 0.3'),
  });
  expect(tried.out).toMatch(/^change +Dropout 0\.3$/m);
  for (const { id, name } of await db.prisma.run.findMany({ where: { projectId: made.project.id } })) {
    const metrics = {
      ...{ 'accuracy/train': 1, 'accuracy/validation': name.includes('dropout') ? 0.9 : 0.8 },
      ...{ 'loss/train': 0.1, 'loss/validation': 0.5 },
    };
    await db.prisma.run.update({
      where: { id },
      data: { state: 'finished', endedAt: new Date(), epoch: 3, bestMetrics: metrics, lastMetrics: metrics },
    });
  }
  // All is trained: the same again launches nothing and reads what there is.
  const again = await holdout(['run', 'remedy', '1', 'dropout', '--seeds', '3', '--follow', ...at]);
  expect(again).toMatchObject({ code: 0, err: expect.stringContaining('Every run of it is there already') });
  expect(again.out).toContain('made validation accuracy better: +10.0 points');
  expect(again.out).toMatch(
    /Validation accuracy, kept weights +0\.800 +0\.900 +\+10\.0 points +\+10\.0 to \+10\.0 points +better/,
  );
  const listed = await holdout(['run', 'compared', ...at, '--json']);
  expect(JSON.parse(listed.out)).toMatchObject([{ title: 'Dropout 0.3', runs: 6, done: 6, verdict: 'better' }]);

  const diagnosed = await holdout(['run', 'diagnose', '1', ...at]);
  expect(diagnosed).toMatchObject({ code: 0, out: expect.stringContaining('Too early to say') });
  const ladder = await holdout(['run', 'ladder', '1', ...at]);
  expect(ladder.err).toContain('Launched 4 runs: plain × 0.125');
});
