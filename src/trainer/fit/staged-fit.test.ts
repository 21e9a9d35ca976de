import { afterAll, expect, test } from 'vitest';
import type { Fit, FitSpec, TensorMap } from '#engine/engine.ts';
import { batchOf, convSpec, images, openEngines } from '#engine/testing.ts';
import { StagedFit, type StageSpec } from './staged-fit.ts';

const [engine] = await openEngines();
afterAll(() => engine!.close());
const FROZEN = ['conv1', 'batch_norm_1', 'activation_1', 'max_pool2d_1', 'conv2d_1'];
const SECOND_AT = 4;
const spec: FitSpec = convSpec();

async function open(train = images(30)): Promise<{ fit: StagedFit; stages: StageSpec[] }> {
  const stages: StageSpec[] = [];
  const openStage = (stage: StageSpec) => {
    stages.push(stage);
    return engine!.openFit({ ...spec, ...stage }, train, images(9));
  };
  return { fit: await StagedFit.open(openStage, { frozen: FROZEN }, SECOND_AT), stages };
}
async function steps(fit: Fit, from: number, to: number) {
  const losses = [];
  for (let i = from; i < to; i++) losses.push((await fit.step(batchOf(i, i % 3 ? 12 : 7, 30), 1e-2)).loss);
  return losses;
}
const kernel = (state: TensorMap) => state.get('conv1/kernel')!.data.slice();

test('what is frozen moves from the first step of the second stage on, and not before', async () => {
  const { fit } = await open();
  const start = kernel(await fit.state());
  await steps(fit, 0, SECOND_AT);
  expect(kernel(await fit.state())).toEqual(start);
  expect((await fit.state()).has('optimizer/first_moment/conv1/kernel')).toBe(false);
  await steps(fit, SECOND_AT, SECOND_AT + 1);
  expect(kernel(await fit.state())).not.toEqual(start);
  expect((await fit.state()).has('optimizer/first_moment/conv1/kernel')).toBe(true);
  await fit.close();
});

test('saved before, at and after the change of stages, the rest is bit for bit that of one go', async () => {
  const whole = await open();
  const states: TensorMap[] = [];
  const losses: number[] = [];
  for (let i = 0; i < 8; i++) {
    states.push(await whole.fit.state());
    losses.push(...(await steps(whole.fit, i, i + 1)));
  }
  const end = await whole.fit.state();
  await whole.fit.close();
  for (const from of [3, SECOND_AT, 5, 7]) {
    const { fit, stages } = await open();
    await fit.restore(states[from]!);
    expect(await steps(fit, from, 8), `from step ${from}`).toEqual(losses.slice(from));
    expect(await fit.state()).toEqual(end);
    expect(stages.length).toBe(2);
    await fit.close();
  }
});

test('a state that does not fit leaves a run that begins anew, in its first stage', async () => {
  const { fit } = await open();
  const first = await fit.state();
  const step = { shape: [1], dtype: 'int32' as const, data: Int32Array.of(6) };
  await expect(fit.restore(new Map([['step', step]]))).rejects.toThrow('does not fit this run');
  expect(await fit.state()).toEqual(first);
  await fit.close();
});
