import { describe, expect, it } from 'vitest';
import { folderLevels, roleOf, unsafeName } from './archive-layout.ts';
import { groupByFingerprint, groupClass } from './groups.ts';
import { looksLikePixels, parsePixels, pointColumns, squareSide } from './keypoint-columns.ts';
import { naturalOrder } from './natural-order.ts';

describe('names in an archive', () => {
  it('are images, tables, junk or something else', () => {
    expect(['a/1.PNG', 'l.csv', '__MACOSX/a/._1.png', 'a/.DS_Store', 'b.zip', 'read.me'].map(roleOf)).toEqual([
      'image',
      'table',
      'junk',
      'junk',
      'archive',
      'other',
    ]);
  });
  it.each(['../x.png', 'a/../../x', '/etc/passwd', 'C:\\x', 'a\\..\\x'])('refuses %j', (name) => {
    expect(unsafeName(name)).not.toBeNull();
  });
  it('allows dots inside names', () => expect(unsafeName('a..b/c...png')).toBeNull());
});

describe('class folders', () => {
  const proposedOf = (names: string[]) => {
    const { levels, proposed } = folderLevels(names);
    return levels[proposed]?.classes;
  };
  it('are found at the top and under one shared folder', () => {
    expect(proposedOf(['0/a.png', '1/b.png'])).toEqual(['0', '1']);
    expect(proposedOf(['x/y/0/a.png', 'x/y/1/b.png', 'x/y/1/deep/c.png'])).toEqual(['0', '1', '1']);
  });
  it('are looked for below train and test', () => {
    expect(proposedOf(['d/train/cat/a.png', 'd/test/dog/b.png'])).toEqual(['cat', 'dog']);
  });
  it('are missing where an image lies outside', () => {
    expect(proposedOf(['a.png', '1/b.png'])).toEqual([null, '1']);
    expect(folderLevels(['a.png']).levels).toEqual([]);
  });
});

describe('equal items', () => {
  it('form groups', () => {
    const prints = new Uint8Array(4 * 32);
    prints[0] = 9;
    prints[64] = 9;
    prints[96] = 1;
    const groups = groupByFingerprint(prints);
    expect(groups.members).toEqual([[1], [3], [0, 2]]);
    expect([...groups.of]).toEqual([2, 0, 2, 1]);
  });
  it('take the class most of them have', () => {
    expect(groupClass([0, 1, 2], (i) => ['b', 'a', 'b'][i]!)).toBe('b');
    expect(groupClass([0, 1], (i) => ['b', 'a'][i]!)).toBe('a');
  });
});

describe('keypoints', () => {
  it('pair their columns', () => {
    expect(pointColumns(['nose_x', 'nose_y', 'x2', 'y2', 'max', 'Image'])).toEqual([
      { name: 'nose', x: 'nose_x', y: 'nose_y' },
      { name: '2', x: 'x2', y: 'y2' },
    ]);
  });
  it('read grey values and say what is wrong', () => {
    const cell = Array.from({ length: 16 }, (_, i) => i * 17).join(' ');
    expect(looksLikePixels(cell)).toBe(true);
    expect(looksLikePixels('a picture of 16 words')).toBe(false);
    expect(parsePixels(cell)).toHaveLength(16);
    expect(parsePixels('1 2 256')).toBe('grey value 3 is above 255');
    expect(parsePixels('1 2 x')).toContain('"x"');
    expect([squareSide(9216), squareSide(10)]).toEqual([96, null]);
  });
});

it('orders classes as people count', () => {
  expect(['10', '9', 'b', 'a', '01', '1'].sort(naturalOrder)).toEqual(['01', '1', '9', '10', 'a', 'b']);
});
