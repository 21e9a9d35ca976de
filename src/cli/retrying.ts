import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '#core/errors.ts';

const PATIENCE_MS = 120_000;

/** Repeats a question while the server restarts: whoever watches for hours should not miss the end for it. */
export async function retrying<T>(question: () => Promise<T>): Promise<T> {
  const until = Date.now() + PATIENCE_MS;
  for (let pause = 250; ; pause = Math.min(pause * 2, 5000)) {
    try {
      return await question();
    } catch (error) {
      const passing = error instanceof AppError && error.code === 'unavailable';
      if (!passing || Date.now() + pause > until) throw error;
      await wait(pause);
    }
  }
}
