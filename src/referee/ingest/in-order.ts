/** Runs `work` on up to `width` items at once and gives the results in the order of the items; memory: `width` results. */
export async function* inOrder<T, R>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<{ item: T; result: PromiseSettledResult<R> }> {
  const waiting: { item: T; settled: Promise<PromiseSettledResult<R>> }[] = [];
  const settle = async (item: T): Promise<PromiseSettledResult<R>> => {
    try {
      return { status: 'fulfilled', value: await work(item) };
    } catch (reason) {
      return { status: 'rejected', reason };
    }
  };
  for (const item of items) {
    waiting.push({ item, settled: settle(item) });
    if (waiting.length < width) continue;
    const next = waiting.shift()!;
    yield { item: next.item, result: await next.settled };
  }
  for (const { item, settled } of waiting) yield { item, result: await settled };
}
