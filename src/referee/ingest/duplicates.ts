import { FINGERPRINT_BYTES, groupByFingerprint } from '#core/data/groups.ts';
import type { DuplicateReport } from '#core/data/report.ts';

/** Fingerprints in one growing buffer: 32 bytes an item. */
export class Fingerprints {
  #bytes = Buffer.alloc(1024 * FINGERPRINT_BYTES);
  #n = 0;

  add(fingerprint: Buffer): void {
    if ((this.#n + 1) * FINGERPRINT_BYTES > this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
    fingerprint.copy(this.#bytes, this.#n++ * FINGERPRINT_BYTES);
  }

  all(): Buffer {
    return this.#bytes.subarray(0, this.#n * FINGERPRINT_BYTES);
  }
}

const SHOWN = 50;
const MEMBERS = 6;

/** Groups of two and more. `labelOf` null: labels say nothing about conflicts. */
export function reportDuplicates(
  fingerprints: Buffer,
  nameOf: (item: number) => string,
  labelOf: ((item: number) => string) | null,
): DuplicateReport {
  const report: DuplicateReport = { groups: 0, items: 0, conflicts: 0, first: [] };
  for (const members of groupByFingerprint(fingerprints).members) {
    if (members.length < 2) continue;
    report.groups++;
    report.items += members.length;
    const labels = labelOf ? [...new Set(members.map(labelOf))] : [];
    if (labels.length > 1) report.conflicts++;
    report.first.push({ names: members.slice(0, MEMBERS).map(nameOf), labels });
  }
  // Conflicts first: they are what a person can mend.
  report.first = report.first.sort((a, b) => b.labels.length - a.labels.length).slice(0, SHOWN);
  return report;
}
