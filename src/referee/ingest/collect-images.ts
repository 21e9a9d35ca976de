import { createHash } from 'node:crypto';
import type { Decision } from '#core/data/decision.ts';
import { addProblem, emptyProblems } from '#core/data/report.ts';
import { AppError } from '#core/errors.ts';
import type { Collected } from './collected.ts';
import { Fingerprints } from './duplicates.ts';
import { renderImage } from './image.ts';
import { DECODE_WIDTH, openImages } from './images.ts';
import { inOrder } from './in-order.ts';
import type { Job } from './job.ts';
import { Scratch } from './scratch.ts';
import type { Upload } from './source.ts';

/** Every labelled image, decoded to the chosen size and channels. */
export async function collectImages(
  job: Job,
  upload: Upload,
  decision: Extract<Decision, { kind: 'image-classification' }>,
  scratchFile: string,
): Promise<Collected> {
  const { archive, files, names, labels } = await openImages(upload, job.filename);
  const labelling = labels.find((l) => l.id === decision.labeling);
  if (!labelling) throw new AppError('invalid_data', `There are no labels "${decision.labeling}" in ${job.filename}.`);
  const shape = { height: decision.height, width: decision.width, channels: decision.channels };
  const dropped = emptyProblems();
  const x = new Scratch(scratchFile, shape.height * shape.width * shape.channels);
  const prints = new Fingerprints();
  const kept: number[] = [];
  const of: string[] = [];
  for await (const { item: i, result } of inOrder(names.keys(), DECODE_WIDTH, async (i) =>
    labelling.of[i] === null ? null : renderImage(await archive.read(files[i]!), shape),
  )) {
    job.signal.throwIfAborted();
    job.progress('split', i + 1, names.length);
    if (result.status === 'rejected') addProblem(dropped, names[i]!, (result.reason as Error).message);
    else if (result.value === null) addProblem(dropped, names[i]!, 'has no label');
    else {
      x.add(result.value);
      prints.add(createHash('sha256').update(result.value).digest());
      kept.push(i);
      of.push(labelling.of[i]!);
    }
  }
  return {
    n: kept.length,
    x,
    input: { type: 'image', shape },
    output: { type: 'classes', target: labelling.title, of },
    fingerprints: prints.all(),
    nameOf: (item) => names[kept[item]!]!,
    dropped,
  };
}
