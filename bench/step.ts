import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PLAIN_OBJECTIVE } from '#core/config/objective.ts';
import { BENCH_MODELS } from './support/models.ts';

/**
 * Milliseconds a training step: Holdout compiled and eager, PyTorch eager in both layouts and through torch.compile. All stay alive and take turns,
 * so that a busy machine hurts all alike; medians.
 *
 * node bench/step.ts --python /path/to/python --library /folder/of/libtensorflow --models tiny,cnn --rounds 7 --threads 2
 */
const { values: options } = parseArgs({
  options: {
    python: { type: 'string' },
    library: { type: 'string' },
    models: { type: 'string', default: 'tiny,cnn,keypoint' },
    rounds: { type: 'string', default: '7' },
    threads: { type: 'string', default: '2' },
    /** About how long one competitor's turn takes. */
    turn: { type: 'string', default: '1500' },
    serve: { type: 'string' },
    mode: { type: 'string' },
  },
});
const ITEMS = 512;
const threads = Number(options.threads);

if (options.serve) await serve(options.serve, options.mode as 'compiled' | 'eager');
else for (const name of options.models.split(',')) await compare(name);

interface Competitor {
  name: string;
  child: ChildProcess;
  ask(line: string): Promise<string>;
  times: number[];
  /** Processor time a step, of each turn: what waiting for a busy machine leaves out. */
  cpu: number[];
}

async function compare(name: string): Promise<void> {
  const node = (mode: string) =>
    [
      process.execPath,
      [
        fileURLToPath(import.meta.url),
        '--serve',
        name,
        '--mode',
        mode,
        '--threads',
        options.threads,
        ...(options.library ? ['--library', options.library] : []),
      ],
    ] as const;
  const torch = (layout: string) =>
    [
      options.python!,
      [
        fileURLToPath(new URL('step_torch.py', import.meta.url)),
        JSON.stringify({ ...BENCH_MODELS[name], items: ITEMS }),
        layout,
        options.threads,
      ],
    ] as const;
  const commands: [string, readonly [string, readonly string[]]][] = [
    ['Holdout compiled', node('compiled')],
    ['Holdout eager', node('eager')],
  ];
  if (options.python)
    commands.push(
      ['PyTorch', torch('eager')],
      ['PyTorch channels_last', torch('channels_last')],
      ['torch.compile', torch('compile')],
    );
  const competitors: Competitor[] = [];
  try {
    for (const [label, [command, args]] of commands) competitors.push(await start(label, command, args));
    for (let round = 0; round < Number(options.rounds); round++)
      for (const competitor of competitors) {
        const one = Math.min(...(await competitor.ask('3')).split(' | ')[0]!.split(' ').map(Number));
        const steps = Math.max(1, Math.min(200, Math.round(Number(options.turn) / one)));
        const [wall, cpu] = (await competitor.ask(String(steps))).split(' | ');
        competitor.times.push(...wall!.split(' ').map(Number));
        competitor.cpu.push(Number(cpu));
      }
  } finally {
    for (const { child } of competitors) child.kill();
  }
  const median = (times: number[]) => times.toSorted((a, b) => a - b)[times.length >> 1]!;
  const rivals = competitors.filter((c) => c.name.startsWith('PyTorch'));
  const best = (of: (c: Competitor) => number[]) => Math.min(...rivals.map((c) => median(of(c))));
  const row = (c: Competitor) => ({
    'ms a step': median(c.times).toFixed(2),
    'processor ms': median(c.cpu).toFixed(2),
    steps: c.times.length,
    ...(rivals.length && {
      'x better PyTorch': (best((t) => t.times) / median(c.times)).toFixed(2),
      'by processor': (best((t) => t.cpu) / median(c.cpu)).toFixed(2),
    }),
  });
  console.log(`\n${name}, batch ${BENCH_MODELS[name]!.batch}, ${threads} threads`);
  console.table(Object.fromEntries(competitors.map((c) => [c.name, row(c)])));
}

async function start(name: string, command: string, args: readonly string[]): Promise<Competitor> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${name} ended: ${command} ${args.join(' ').slice(0, 200)}`);
    return value as string;
  };
  await next();
  const ask = (line: string) => {
    child.stdin.write(`${line}\n`);
    return next();
  };
  return { name, child, times: [], cpu: [], ask };
}

/** One competitor: a fit that makes as many steps as each line of standard input says. */
async function serve(name: string, mode: 'compiled' | 'eager'): Promise<void> {
  const { model, input, task, batch } = BENCH_MODELS[name]!;
  const { fits } = await import('./support/fits.ts');
  const width = input.kind === 'image' ? input.height * input.width * input.channels : input.features;
  const x = Uint8Array.from({ length: ITEMS * width }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 24);
  const y =
    task.kind === 'classification'
      ? Int32Array.from({ length: ITEMS }, (_, i) => i % task.classes)
      : Float32Array.from({ length: ITEMS * task.targets }, (_, i) => i % 96);
  const part = { x, y, n: ITEMS };
  const optimizer = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
  const spec = { ...PLAIN_OBJECTIVE, classWeights: null, model, input, task, optimizer, batchSize: batch, seed: 0 };
  const fit = await fits[mode](spec, part, { libDir: options.library, threads });
  let at = 0;
  const step = () =>
    fit.step(
      Int32Array.from({ length: batch }, () => at++ % ITEMS),
      1e-3,
    );
  for (let i = 0; i < 3; i++) await step();
  console.log(`ready ${fit.mode.kind}`);
  for await (const line of createInterface({ input: process.stdin })) {
    const times: number[] = [];
    const before = process.cpuUsage();
    for (let i = 0; i < Number(line); i++) {
      const start = performance.now();
      await step();
      times.push(performance.now() - start);
    }
    const { user, system } = process.cpuUsage(before);
    console.log(`${times.map((t) => t.toFixed(4)).join(' ')} | ${(user + system) / 1000 / times.length}`);
  }
}
