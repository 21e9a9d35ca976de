import { fork } from 'node:child_process';
import type { Held } from '#db/runs/queue.ts';
import type { EngineInfo } from '#engine/engine.ts';
import type { ComputeArguments } from './arguments.ts';
import { LastLines } from './last-lines.ts';

export type ToChild = { kind: 'train'; held: Held } | { kind: 'stop' } | { kind: 'release' };

/** A child that trains one attempt of one run, started before its run is known: loading an engine takes a second. */
export interface RunProcess {
  pid: number;
  /** The child is past what blocks its JavaScript for seconds, and hears a stop within a step. */
  readonly listening: boolean;
  send(message: ToChild): void;
  kill(): void;
  /** how it ended: clean means that the child itself wrote what became of the run */
  ended: Promise<{ clean: boolean; how: string; tail: string }>;
}

/** What a child is told before it knows its run. */
export interface ChildOptions {
  /** the one that was found to work here */
  engine: EngineInfo['kind'];
  /** as the trainer was told */
  compute: ComputeArguments;
  /** bytes that the run may take */
  memory: number;
}

export function startRunProcess(options: ChildOptions): RunProcess {
  const child = fork(new URL('./child.ts', import.meta.url), [JSON.stringify(options)], {
    execArgv: ['--disable-warning=DEP0044'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const tail = new LastLines();
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      process.stderr.write(text);
      tail.add(text);
    });
  let listening = false;
  child.on('message', () => {
    listening = true;
  });
  return {
    pid: child.pid!,
    get listening() {
      return listening;
    },
    send: (message) => {
      if (child.connected) child.send(message, () => {});
    },
    kill: () => child.kill('SIGKILL'),
    ended: new Promise((resolve) => {
      child.on('error', (error) => resolve({ clean: false, how: error.message, tail: '' }));
      child.on('close', (code, signal) =>
        resolve({ clean: code === 0, how: signal ? `signal ${signal}` : `exit code ${code}`, tail: String(tail) }),
      );
    }),
  };
}
