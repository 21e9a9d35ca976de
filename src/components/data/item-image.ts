import type { OpenPart } from '#core/data/sealed-report.ts';

export function imageUrl(datasetId: string, part: OpenPart, index: number): string {
  return `/api/datasets/${datasetId}/items/${part}/${index}/image`;
}
