export type Line = <T>(work: () => Promise<T>) => Promise<T>;

/** A line of works that each take much memory: one begins once those before it have ended, well or badly. */
export function line(): Line {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    // Not the turn itself: its result would stay in memory until the next work.
    const done = () => {};
    last = turn.then(done, done);
    return turn;
  };
}
