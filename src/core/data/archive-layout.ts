/** What the names in an archive say: which files are items, which folder levels could be the classes. */

const IMAGE = /\.(png|jpe?g|webp|gif|tiff?)$/i;
const TABLE = /\.(csv|tsv)$/i;
const ARCHIVE = /\.(zip|tar|gz|tgz|bz2|xz|7z|rar)$/i;
const JUNK = /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._[^/]*$)/i;
/** Folders that name a split made elsewhere, not a class. */
const SPLIT_NAME = /^(train(ing)?|test(ing)?|val(id(ation)?)?)$/i;

export type EntryRole = 'image' | 'table' | 'junk' | 'archive' | 'other';

export function roleOf(name: string): EntryRole {
  if (JUNK.test(name)) return 'junk';
  if (IMAGE.test(name)) return 'image';
  if (TABLE.test(name)) return 'table';
  return ARCHIVE.test(name) ? 'archive' : 'other';
}

/** Why a name can't be unpacked anywhere, or null. Backslashes are read as slashes, as Windows writes them. */
export function unsafeName(name: string): string | null {
  const plain = name.replaceAll('\\', '/');
  if (plain.startsWith('/') || /^[a-z]:/i.test(plain)) return 'names an absolute path';
  if (plain.split('/').includes('..')) return 'climbs out of the archive with ".."';
  if (plain.includes('\0')) return 'has a name with a zero byte';
  return null;
}

export interface FolderLevel {
  /** counted from 0, below the folder that holds everything */
  level: number;
  /** class of each name given, null where the name has no folder at this level */
  classes: (string | null)[];
}

/**
 * Every folder level below what all names share, with each name's folder there, and the level to propose:
 * the first that isn't a split such as train/ and test/. O(total length of names).
 */
export function folderLevels(names: readonly string[]): { levels: FolderLevel[]; proposed: number } {
  const folders = names.map((name) => name.split('/').slice(0, -1));
  const depth = folders.reduce((most, f) => Math.max(most, f.length), 0);
  let shared = 0;
  while (shared < depth && folders.every((f) => f[shared] !== undefined && f[shared] === folders[0]![shared])) shared++;
  const levels: FolderLevel[] = [];
  for (let at = shared; at < depth; at++)
    levels.push({ level: at - shared, classes: folders.map((f) => f[at] ?? null) });
  const classLevel = levels.findIndex((l) => !l.classes.every((c) => c === null || SPLIT_NAME.test(c)));
  return { levels, proposed: Math.max(0, classLevel) };
}
