import os from 'node:os';
import type { RunWriter } from '../run-writer.ts';
import type { Callback } from './callback.ts';

const EVERY_MS = 1_000;

/** Once a second: items a second of the steps alone (logging included, evaluation not), CPU and memory of the process and of its machine. */
export function logThroughput(
  writer: Pick<RunWriter, 'point' | 'rate'>,
  now: () => number = () => performance.now(),
): Callback {
  const load = new Load();
  let mark = now();
  let spent = 0;
  let items = 0;
  return {
    onStep({ state, items: batch }) {
      const at = now();
      spent += at - mark;
      mark = at;
      items += batch;
      if (spent < EVERY_MS) return;
      const rate = (items * 1_000) / spent;
      writer.point('system/items_per_second', state.step, rate);
      writer.point('system/memory_mb', state.step, process.memoryUsage.rss() / 1e6);
      writer.point('system/machine_memory_mb', state.step, (os.totalmem() - os.freemem()) / 1e6);
      const { own, machine } = load.take();
      writer.point('system/cpu_percent', state.step, own);
      writer.point('system/machine_cpu_percent', state.step, machine);
      writer.rate(rate);
      spent = 0;
      items = 0;
    },
    onPause() {
      spent += now() - mark;
    },
    onResume() {
      mark = now();
    },
  };
}

/** Load since it was last asked: of this process in per cent of one core, of the machine in per cent of all. */
class Load {
  #own = process.cpuUsage();
  #at = performance.now();
  #machine = machineTimes();

  take(): { own: number; machine: number } {
    const { user, system } = process.cpuUsage(this.#own);
    const at = performance.now();
    const own = (user + system) / 10 / Math.max(1, at - this.#at);
    const times = machineTimes();
    const all = times.all - this.#machine.all;
    const machine = all > 0 ? 100 * (1 - (times.idle - this.#machine.idle) / all) : 0;
    this.#own = process.cpuUsage();
    this.#at = at;
    this.#machine = times;
    return { own, machine };
  }
}

/** ms since the machine started, over all its cores. */
function machineTimes(): { all: number; idle: number } {
  let all = 0;
  let idle = 0;
  for (const { times } of os.cpus()) {
    all += times.user + times.nice + times.sys + times.idle + times.irq;
    idle += times.idle;
  }
  return { all, idle };
}
