import { EagerFit } from '#engine/eager/eager-fit.ts';
import type { Fit, FitSpec, PartArrays } from '#engine/engine.ts';
import { composedOps } from '#engine/model/composed-ops.ts';
import { problemOf } from '#engine/model/problem.ts';
import { type EngineOptions, openEngine } from '#engine/open-engine.ts';
import { preparePart } from '#engine/part.ts';
import { nativeOps } from '#engine/tensorflow/fused-ops.ts';
import { findLibrary } from '#engine/tensorflow/library.ts';
import { BACKEND, sharedRuntime } from '#engine/tensorflow/runtime.ts';

type Open = (spec: FitSpec, part: PartArrays, options: EngineOptions) => Promise<Fit>;

/** The two ways of training on TensorFlow's library that the benchmark compares. */
export const fits: Record<'compiled' | 'eager', Open> = {
  async compiled(spec, part, options) {
    const fit = await (await openEngine(options)).openFit(spec, part, part);
    if (fit.mode.kind !== 'compiled') throw new Error(fit.mode.reason);
    return fit;
  },
  async eager(spec, part, { libDir, threads }) {
    const runtime = sharedRuntime(findLibrary(libDir), threads!);
    const prepared = preparePart('train', part, spec.input, spec.task);
    const problem = problemOf(composedOps(nativeOps(runtime)), spec);
    return new EagerFit(
      { name: BACKEND, threads: runtime.threads },
      problem,
      spec,
      { train: prepared, validation: prepared },
      'For comparison.',
    );
  },
};
