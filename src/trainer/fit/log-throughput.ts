import type { RunWriter } from '../run-writer.ts';
import type { Callback } from './callback.ts';

const EVERY_MS = 1_000;

/** Once a second: items a second of the steps alone (logging included, evaluation not) and the process's memory. */
export function logThroughput(writer: RunWriter, now: () => number = () => performance.now()): Callback {
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
