import { AppError } from '#core/errors.ts';

export type Queue = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/**
 * Works that each take much memory: `atOnce` at a time, the others wait their turn. `signal` takes a work that waits out of
 * the queue; one that runs has to heed it itself.
 * @throws AppError too_many where `mostWaiting` wait already
 */
export function queue(atOnce: number, mostWaiting: number): Queue {
  const waiting: (() => void)[] = [];
  let underWay = 0;

  function turn(signal: AbortSignal): Promise<void> | undefined {
    signal.throwIfAborted();
    if (underWay < atOnce) {
      underWay++;
      return;
    }
    if (waiting.length >= mostWaiting)
      throw new AppError(
        'too_many',
        `The server works on ${atOnce} previews, exports or models, and ${mostWaiting} more wait. Try again in a minute.`,
      );
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = () => {
      waiting.splice(waiting.indexOf(begin), 1);
      reject(signal.reason);
    };
    const begin = () => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    waiting.push(begin);
    signal.addEventListener('abort', leave, { once: true });
    return promise;
  }

  return async (work, signal) => {
    await turn(signal);
    try {
      return await work();
    } finally {
      // Whoever is next takes this place over.
      const next = waiting.shift();
      if (next) next();
      else underWay--;
    }
  };
}
