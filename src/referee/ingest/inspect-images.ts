import { createHash } from 'node:crypto';
import { addProblem, type Report } from '#core/data/report.ts';
import { AppError } from '#core/errors.ts';
import { Fingerprints, reportDuplicates } from './duplicates.ts';
import { type DecodedImage, decodeImage, pngUrl, toPng } from './image.ts';
import { DECODE_WIDTH, openImages } from './images.ts';
import { inOrder } from './in-order.ts';
import type { Job } from './job.ts';
import { reportLabeling } from './labelings.ts';
import type { Upload } from './source.ts';

const SAMPLES = 24;
const SAMPLE_SIDE = 64;

/** Decodes every image once: what is corrupt, which sizes and channels there are, which are the same. */
export async function inspectImages(job: Job, upload: Upload): Promise<Report> {
  const set = await openImages(upload, job.filename);
  const { archive, names, labels } = set;
  await job.done('unpacked');
  const problems = archive.problems;
  for (const file of archive.tables)
    if (file.name !== set.table?.file) addProblem(problems, file.name, 'is a table that names none of the images');
  if (set.table) {
    for (const p of set.table.problems.first) addProblem(problems, p.path, p.message);
    problems.total += set.table.problems.total - set.table.problems.first.length;
  }

  const usable: number[] = [];
  const prints = new Fingerprints();
  const sizes = new Map<string, { height: number; width: number; count: number }>();
  const channels = { grey: 0, colour: 0, alpha: 0 };
  const samples: Extract<Report['content'], { type: 'images' }>['samples'] = [];
  const every = Math.ceil(names.length / SAMPLES);
  for await (const { item: i, result } of inOrder(names.keys(), DECODE_WIDTH, async (i) =>
    decodeImage(await archive.read(set.files[i]!)),
  )) {
    job.signal.throwIfAborted();
    job.progress('checked', i + 1, names.length);
    if (result.status === 'rejected') {
      addProblem(problems, names[i]!, (result.reason as Error).message);
      continue;
    }
    const image = result.value;
    usable.push(i);
    prints.add(fingerprintOf(image));
    const size = `${image.height}x${image.width}`;
    const known = sizes.get(size) ?? { height: image.height, width: image.width, count: 0 };
    known.count++;
    sizes.set(size, known);
    channels[image.channels === 1 ? 'grey' : 'colour']++;
    if (image.transparent) channels.alpha++;
    if (i % every === 0 && samples.length < SAMPLES)
      samples.push({
        name: names[i]!,
        labels: Object.fromEntries(labels.map((l) => [l.id, l.of[i] ?? ''])),
        png: await thumbnail(image),
      });
  }
  if (!usable.length)
    throw new AppError('invalid_data', `${job.filename}: none of its ${names.length} images can be decoded.`, {
      items: problems.first,
    });
  await job.done('checked');
  const best = labels[0]!;
  const duplicates = reportDuplicates(
    prints.all(),
    (k) => names[usable[k]!]!,
    (k) => best.of[usable[k]!] ?? '',
  );
  await job.done('duplicates');
  return {
    source: {
      format: 'zip',
      bytes: upload.bytes,
      files: names.length + archive.tables.length,
      ignored: archive.ignored,
      table: set.table?.file ?? null,
    },
    proposals: [
      {
        kind: 'image-classification',
        reasons: [
          `${usable.length} images can be read`,
          best.id.startsWith('folder:') ? 'their folders name the classes' : `${set.table!.file} names their classes`,
        ],
      },
    ],
    problems,
    duplicates,
    content: {
      type: 'images',
      items: usable.length,
      labelings: labels.map((l) => reportLabeling(l, names, usable)),
      sizes: [...sizes.values()]
        .sort((a, b) => b.count - a.count || a.height - b.height || a.width - b.width)
        .slice(0, 12),
      channels,
      samples,
    },
  };
}

function fingerprintOf(image: DecodedImage): Buffer {
  return createHash('sha256')
    .update(`${image.height} ${image.width} ${image.pixels.length} `)
    .update(image.pixels)
    .digest();
}

async function thumbnail(image: DecodedImage): Promise<string> {
  const stored = (image.pixels.length / (image.height * image.width)) as 1 | 3 | 4;
  return pngUrl(await toPng(image.pixels, { ...image, channels: stored }, SAMPLE_SIDE));
}
