import { folderLevels } from '#core/data/archive-layout.ts';
import { categoryOf, MAX_CATEGORIES } from '#core/data/column-typing.ts';
import { naturalOrder } from '#core/data/natural-order.ts';
import { proposeTarget } from '#core/data/propose-target.ts';
import { addProblem, emptyProblems, type Labeling } from '#core/data/report.ts';
import { hasLabel, type LabelsTable } from './labels-table.ts';

/** Every way to read the classes of the images, the best first. */

export interface ImageLabels {
  id: string;
  title: string;
  /** image -> class; null where it has none */
  of: (string | null)[];
}

export function imageLabels(names: readonly string[], table: LabelsTable | null): ImageLabels[] {
  const { levels, proposed } = folderLevels(names);
  const folders = levels
    .filter((level) => new Set(level.classes.filter((c) => c !== null)).size > 1)
    .map((level) => ({
      id: `folder:${level.level}`,
      title: level.level === 0 ? 'Folders' : `Folders, level ${level.level + 1}`,
      of: level.classes,
    }))
    .sort((a, b) => Number(b.id === `folder:${proposed}`) - Number(a.id === `folder:${proposed}`));
  return [...(table ? columnLabels(table) : []), ...folders];
}

function columnLabels(table: LabelsTable): ImageLabels[] {
  const candidates = table.columns.filter(
    (c) => c.name !== table.nameColumn && c.values && c.values.length > 1 && c.values.length <= MAX_CATEGORIES,
  );
  if (!candidates.length) return [];
  const { target } = proposeTarget(candidates);
  return candidates
    .sort((a, b) => Number(b.name === target) - Number(a.name === target))
    .map((column) => {
      const at = table.header.indexOf(column.name);
      const of = table.rows.map((cells) => (hasLabel(cells?.[at]) ? categoryOf(cells[at]!) : null));
      return { id: `column:${column.name}`, title: `Column "${column.name}" of ${table.file}`, of };
    });
}

/** @param usable indices of the images that can be decoded */
export function reportLabeling(labels: ImageLabels, names: readonly string[], usable: readonly number[]): Labeling {
  const counts = new Map<string, number>();
  const unlabelled = emptyProblems();
  for (const i of usable) {
    const label = labels.of[i] ?? null;
    if (label === null)
      addProblem(
        unlabelled,
        names[i]!,
        labels.id.startsWith('folder:') ? 'lies in no class folder' : 'has no label in the table',
      );
    else counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const classes = [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => naturalOrder(a.name, b.name));
  return { id: labels.id, title: labels.title, classes: classes.length <= MAX_CATEGORIES ? classes : null, unlabelled };
}
