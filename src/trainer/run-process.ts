import { type ChildProcess, fork } from 'node:child_process';
import type { Held } from '#db/runs/queue.ts';
import type { EngineInfo } from '#engine/engine.ts';

const TAIL_LINES = 20;

/** One child that trains one attempt. */
export interface RunProcess {
  held: Held;
  pid: number;
  /** The child has loaded its engine and answers within a step; before, its JavaScript may be blocked for seconds. */
  readonly listening: boolean;
  ask(wish: 'stop' | 'release'): void;
  kill(): void;
  /** how it ended: code 0 means that the child itself wrote what became of the run */
  ended: Promise<{ clean: boolean; how: string; tail: string }>;
}

/** @param engine the one that was found to work here */
export function startRunProcess(held: Held, engine: EngineInfo['kind']): RunProcess {
  const child: ChildProcess = fork(new URL('./child.ts', import.meta.url), [held.runId, String(held.attempt), engine], {
    execArgv: ['--disable-warning=DEP0044'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let tail: string[] = [];
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      process.stderr.write(text);
      tail = [...tail, ...text.split('\n').filter((line) => line.trim() !== '')].slice(-TAIL_LINES);
    });
  let listening = false;
  child.on('message', () => {
    listening = true;
  });
  return {
    held,
    pid: child.pid!,
    get listening() {
      return listening;
    },
    ask: (wish) => {
      if (child.connected) child.send(wish, () => {});
    },
    kill: () => child.kill('SIGKILL'),
    ended: new Promise((resolve) => {
      child.on('error', (error) => resolve({ clean: false, how: error.message, tail: '' }));
      child.on('close', (code, signal) =>
        resolve({ clean: code === 0, how: signal ? `signal ${signal}` : `exit code ${code}`, tail: tail.join('\n') }),
      );
    }),
  };
}
