import type { Picture } from './read-preview-items.ts';

/** Pixels, and the paper of the pages' light theme. */
export const SHEET = { margin: 20, gap: 16, head: 54, caption: 38, paper: '#fafaf8' } as const;
/** Small pictures are enlarged by a whole factor, so that every pixel keeps its edges, to about this side. */
const SIDE = 208;
const COLUMNS = 4;
/** Room for a caption under pictures that are higher than wide. */
const LEAST_WIDTH = 150;

/** Where everything stands on a sheet, in its pixels. */
export interface SheetLayout {
  width: number;
  height: number;
  /** of a picture on the sheet, over that of the file */
  zoom: number;
  /** upper left corner of each picture */
  places: { x: number; y: number }[];
  cell: { width: number; height: number };
}

export function layOut({ width, height }: Picture, n: number): SheetLayout {
  const { margin, gap, head, caption } = SHEET;
  const zoom = Math.max(1, Math.round(SIDE / Math.max(width, height)));
  const cell = { width: Math.max(LEAST_WIDTH, zoom * width), height: zoom * height };
  const rows = Math.ceil(n / COLUMNS);
  const places = Array.from({ length: n }, (_, i) => ({
    x: margin + (i % COLUMNS) * (cell.width + gap),
    y: margin + head + Math.floor(i / COLUMNS) * (cell.height + caption + gap),
  }));
  return {
    zoom,
    cell,
    places,
    width: 2 * margin + COLUMNS * (cell.width + gap) - gap,
    height: 2 * margin + head + rows * (cell.height + caption + gap) - gap,
  };
}
