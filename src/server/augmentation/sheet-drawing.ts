import { type AugmentationSpec, isOn, TRANSFORMS } from '#core/augmentation/spec.ts';
import { sideOf } from '#core/augmentation/swaps.ts';
import { shareWords, twoShares } from '#core/augmentation/two-shares.ts';
import { pointColumns } from '#core/data/keypoint-columns.ts';
import { TRANSFORM_WORDS } from '#core/remedies/augmentation.ts';
import type { AugmentationPreview } from './preview-augmentation.ts';
import { SHEET, type SheetLayout } from './sheet-layout.ts';

/** What lies over the pictures of a sheet, as SVG: head, dots and captions. */

/** The colours of the pages' light theme. */
const INK = '#1e1d1b';
const GREY = '#6b665d';
/** Left and right apart, also for the colour-blind: a mirror image that swaps no points is seen at once. */
const DOTS = { left: '#0397da', right: '#e35c01', neither: '#8a2655' } as const;
/** Mean width of a letter over its size, of scripts with an alphabet and of the others. */
const LETTER = 0.53;
const IDEOGRAPH = 1;

type Item = AugmentationPreview['items'][number];

export function sheetDrawing(preview: AugmentationPreview, spec: AugmentationSpec | null, layout: SheetLayout): string {
  const points = pointColumns(preview.targets ?? []);
  const inner = layout.width - 2 * SHEET.margin;
  const how = preview.augmented && spec ? amountWords(spec) : preview.notes.join(' ');
  const [legend, legendWidth] = points.some(({ name }) => sideOf(name)) ? sidesLegend(layout.width) : ['', 0];
  const head = [
    text(SHEET.margin, 34, 16, INK, `Train items as step ${preview.step} would see them`, inner - legendWidth, 600),
    text(SHEET.margin, 56, 12, GREY, `Seed ${preview.seed}. ${how}`, inner),
    legend,
  ];
  const cells = preview.items.map((item, i) => cell(item, preview, points, layout, layout.places[i]!));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${layout.width}" height="${layout.height}" font-family="sans-serif">${[...head, ...cells].join('')}</svg>`;
}

function cell(
  item: Item,
  preview: AugmentationPreview,
  points: ReturnType<typeof pointColumns>,
  { zoom, cell }: SheetLayout,
  { x, y }: { x: number; y: number },
): string {
  const of = (target: string) => item.targets?.[preview.targets!.indexOf(target)] ?? null;
  const scale = zoom * preview.picture!.scale;
  const radius = Math.max(3, Math.min(cell.width, cell.height) / 55);
  const seen = points.flatMap((point) => {
    const [px, py] = [of(point.x), of(point.y)];
    return px === null || py === null ? [] : [dot(x + px * scale, y + py * scale, radius, point.name)];
  });
  const [first, second] = captions(item, preview, points.length, seen.length);
  const below = y + cell.height;
  return [
    ...seen,
    text(x, below + 17, 13, INK, first, cell.width),
    text(x, below + 33, 11, GREY, second, cell.width),
  ].join('');
}

/** What the model is asked for, and what the picture is made of. */
function captions({ name, classes, blend }: Item, preview: AugmentationPreview, points: number, seen: number) {
  const all = `${points} ${points === 1 ? 'point' : 'points'}`;
  const asked = classes ? shareWords(classes).join(', ') : seen === points ? all : `${seen} of ${all}`;
  const names = blend ? shareWords(twoShares(blend.share, name, preview.items[blend.partner]!.name)) : [name];
  return [asked, names.join(', ')] as const;
}

function sidesLegend(right: number): [svg: string, width: number] {
  const words = [
    ['left', 38],
    ['right', 46],
  ] as const;
  let x: number = right - SHEET.margin - words.reduce((sum, [, width]) => sum + width, 0);
  const parts = words.map(([side, width]) => {
    const part = dot(x + 5, 30, 4, side) + text(x + 13, 34, 12, GREY, side, width);
    x += width + 4;
    return part;
  });
  return [parts.join(''), 100];
}

function dot(x: number, y: number, radius: number, name: string): string {
  const at = `cx="${x.toFixed(2)}" cy="${y.toFixed(2)}" r="${radius.toFixed(2)}"`;
  return `<circle ${at} fill="${DOTS[sideOf(name) ?? 'neither']}" stroke="#fff" stroke-width="1.2"/>`;
}

/** "Rotation 10, horizontal flip, erasing 0.2 with probability 0.5." */
function amountWords(spec: AugmentationSpec): string {
  const words = TRANSFORMS.filter((t) => isOn(spec, t)).map((t) => {
    if (t === 'erasing') return `erasing ${spec.erasing!.area} with probability ${spec.erasing!.probability}`;
    return spec[t] === true ? TRANSFORM_WORDS[t] : `${TRANSFORM_WORDS[t]} ${spec[t]}`;
  });
  const all = words.join(', ');
  return `${all.charAt(0).toUpperCase()}${all.slice(1)}.`;
}

/** Cut off with … where it is longer than `width` pixels, as far as that can be told without the font. */
function text(x: number, y: number, size: number, colour: string, words: string, width: number, weight = 400): string {
  let room = width / size;
  const letters = [...words.replace(/\p{Cc}/gu, ' ')];
  const fits = letters.findIndex((letter) => {
    room -= letter > '\u2e80' ? IDEOGRAPH : LETTER;
    return room < 0;
  });
  const shown =
    fits < 0
      ? letters.join('')
      : `${letters
          .slice(0, Math.max(1, fits - 1))
          .join('')
          .trimEnd()}…`;
  const escaped = shown.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${colour}">${escaped}</text>`;
}
