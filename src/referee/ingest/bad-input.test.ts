import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkDecision, type Decision, problemsOf, proposedDecision } from '#core/data/decision.ts';
import type { SealedReport } from '#core/data/sealed-report.ts';
import { notify } from '#db/events/events.ts';
import { testDb } from '#db/testing.ts';
import { testReferee, testUpload, untilState } from '../testing.ts';
import { type ZipInput, zipOf } from '../testing-zip.ts';
import { readReport } from './workspace.ts';

const db = await testDb();
const referee = await testReferee(db);
referee.run();

const csv = (text: string) => Buffer.from(text);
const iris = (n: number) =>
  ['a,b,label', ...Array.from({ length: n }, (_, i) => `${i * 1.5},${(i * 37) % 11},${i % 2 ? 'x' : 'y'}`)].join('\n');
const keypoints = (rows: string[]) => ['p_x,p_y,q_x,q_y,Image', ...rows].join('\n');
const pixels = (n: number, grey: number) => Array(n).fill(grey).join(' ');

let picture: (shade: number, side?: number, alpha?: boolean) => Promise<Buffer>;
beforeAll(() => {
  picture = (shade, side = 8, alpha = false) =>
    sharp({
      create: {
        width: side,
        height: side,
        channels: alpha ? 4 : 3,
        background: { r: shade, g: 20, b: 30, alpha: alpha ? 0.5 : 1 },
      },
    })
      .png()
      .toBuffer();
});
async function classes(perClass: number, names = ['cat', 'dog']): Promise<ZipInput[]> {
  const files: ZipInput[] = [];
  for (const [c, name] of names.entries())
    for (let i = 0; i < perClass; i++)
      files.push({ name: `set/${name}/${i}.png`, data: await picture(c * 120 + i * 10) });
  return files;
}

async function refused(filename: string, bytes: Buffer) {
  const id = await testUpload(referee, filename, bytes);
  const row = await untilState(referee, id, 'failed', 'review');
  expect(row.state).toBe('failed');
  await referee.filesGone(id);
  return row.error!;
}
async function reviewed(filename: string, bytes: Buffer) {
  const id = await testUpload(referee, filename, bytes);
  const row = await untilState(referee, id, 'failed', 'review');
  expect(row.error).toBeNull();
  return { id, projectId: row.projectId, report: await readReport(referee.blobs, id) };
}
async function sealed({ id, projectId }: { id: string; projectId: string }, decision: Decision) {
  await db.prisma.dataset.update({ where: { id }, data: { state: 'confirmed', decision } });
  await notify(db.pool, { topic: 'dataset', id, projectId });
  return untilState(referee, id, 'sealed', 'review', 'failed');
}

describe('a table is refused whole, with its line, when it', () => {
  it.each([
    ['has 0 bytes', '', 'a.csv is empty: 0 bytes'],
    ['has a header only', 'a,b,c\n', 'a header but no rows'],
    ['names a column twice', 'a,b,a\n1,2,3\n', 'a.csv:1 names two columns "a" (columns 1 and 3)'],
    ['leaves a column without a name', 'a,,c\n1,2,3\n', 'a.csv:1 gives column 2 no name'],
    ['starts with numbers', '1,2,3\n4,5,6\n', 'a.csv:1 should name the columns'],
    ['leaves a quote open', 'a,b\n1,2\n3,"4\n5,6\n', "can't be read"],
    ['is one of another format', '%PDF-1.4 …', 'a PDF'],
  ])('%s', async (_, text, message) => {
    expect(await refused('a.csv', csv(text))).toContain(message);
  });
  it('is not UTF-8', async () => {
    const latin = Buffer.concat([csv('a,b\n1,2\n'), Buffer.from([0x4d, 0xfc, 0x6c, 0x6c, 0x2c, 0x31, 0x0a])]);
    expect(await refused('a.csv', latin)).toContain('a.csv:3 is not UTF-8');
    expect(await refused('a.csv', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'))).toContain('UTF-16');
  });
  it('is no text at all, whatever its name', async () => {
    const bytes = Buffer.from(Array.from({ length: 2000 }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 13) & 0xff));
    expect(await refused('a.dat', bytes)).toContain('a.dat is neither a zip archive nor a CSV table');
    for (const content of [bytes, Buffer.from('just words\n')])
      expect(await refused('a.zip', content)).toContain('a.zip is no zip archive');
  });
});

describe('a table', () => {
  it('lists ragged rows, values that are no numbers and rows without a target by line, and drops them when told to', async () => {
    const rows = iris(60).split('\n');
    rows[5] = '1,2';
    rows[9] = '1,2,x,4';
    rows[20] = 'oops,3,x';
    rows[30] = '4.25,3,';
    const review = await reviewed('a.csv', csv(rows.join('\n')));
    const proposed = proposedDecision(review.report);
    expect(problemsOf(review.report, proposed)).toEqual({
      total: 4,
      first: [
        { path: 'a.csv:6', message: 'has 2 values; the header names 3 columns' },
        { path: 'a.csv:10', message: 'has 4 values; the header names 3 columns' },
        { path: 'a.csv:21', message: 'a is "oops", not a number' },
        { path: 'a.csv:31', message: 'label has no value' },
      ],
    });
    expect(() => checkDecision(review.report, proposed)).toThrow("4 places can't be used");
    const row = await sealed(review, { ...proposed, drop: true });
    expect(row.nTrain! + row.nValidation! + row.nTest!).toBe(56);
    expect((row.report as unknown as SealedReport).dropped.total).toBe(4);
  });

  it('with a class too small is held back until the person drops it', async () => {
    const review = await reviewed('a.csv', csv(`${iris(40)}\n5,5,rare\n6,6,rare\n`));
    const proposed = proposedDecision(review.report);
    expect(problemsOf(review.report, proposed).first[0]).toEqual({
      path: 'class "rare"',
      message: 'has 2 items; a class needs at least 3, one for each part',
    });
    const row = await sealed(review, { ...proposed, drop: true });
    expect(row.schema).toMatchObject({ classes: ['x', 'y'] });
  });

  it('whose class has too few different rows comes back to review with the reason', async () => {
    const review = await reviewed('a.csv', csv(`${iris(40)}\n${'7,7,rare\n'.repeat(5)}`));
    const row = await sealed(review, proposedDecision(review.report));
    expect(row.state).toBe('review');
    expect(row.error).toContain('Class "rare" has 1 different item');
    expect((await sealed(review, { ...proposedDecision(review.report), drop: true })).state).toBe('sealed');
  });

  it('may use semicolons, decimal commas, a byte order mark, quoted line breaks and Windows line ends', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${i},5;"a\r\nb";${i % 2 ? 'ja' : 'nein'}`);
    const review = await reviewed('a.csv', csv(`\ufeffWert;Text;label\r\n${rows.join('\r\n')}`));
    if (review.report.content.type !== 'table') throw new Error('table');
    expect(review.report.content.columns.map((c) => [c.name, c.type])).toEqual([
      ['Wert', 'numeric'],
      ['Text', 'ignored'],
      ['label', 'categorical'],
    ]);
    expect(review.report.content.columns[0]!.range).toMatchObject({ min: 0.5, max: 29.5 });
  });
});

describe('keypoints', () => {
  it('list rows whose image or coordinates are wrong', async () => {
    const good = Array.from({ length: 12 }, (_, i) => `${i},2,3,,${pixels(16, i)}`);
    const bad = [
      `1,2,3,4,${pixels(15, 9)}`,
      `1,2,3,4,${pixels(25, 9)}`,
      `1,x,3,4,${pixels(16, 8)}`,
      `,,,,${pixels(16, 7)}`,
    ];
    const { report } = await reviewed('k.csv', csv(keypoints([...good, ...bad])));
    expect(report.proposals[0]!.kind).toBe('image-keypoints');
    expect(report.content).toMatchObject({ items: 12, incomplete: 12, side: 4, points: ['p', 'q'] });
    expect(report.problems.first.map((p) => p.message)).toEqual([
      'has 15 grey values, which make no square image',
      'has an image of 5 × 5; the first rows have 4 × 4',
      'p_y is "x", not a number',
      'has no coordinates at all',
    ]);
  });
});

describe('an archive is refused whole when it', () => {
  it('is cut short', async () => {
    const whole = zipOf(await classes(3));
    expect(await refused('a.zip', whole.subarray(0, whole.length - 100))).toContain('not a complete zip archive');
  });
  it.each(['../../etc/x.png', '/etc/x.png', 'C:\\x.png'])('holds the name %s', async (name) => {
    const error = await refused('a.zip', zipOf([...(await classes(3)), { name, data: await picture(1) }]));
    expect(error).toContain(`holds "${name.replaceAll('\\', '/')}"`);
  });
  it('is a zip bomb', async () => {
    const zeros = Buffer.alloc(150 * 2 ** 20);
    expect(await refused('bomb.zip', zipOf([{ name: 'a.csv', data: zeros }]))).toMatch(/unpacks to \d+ times its size/);
  });
  it('has nothing to learn from, no labels, or several tables', async () => {
    expect(await refused('a.zip', zipOf([{ name: 'read.me', data: csv('hi') }]))).toContain('no images');
    expect(await refused('a.zip', zipOf([{ name: '1.png', data: await picture(1) }]))).toContain('no labels');
    const tables = zipOf([
      { name: 'a.csv', data: csv('a') },
      { name: 'b.csv', data: csv('b') },
    ]);
    expect(await refused('a.zip', tables)).toContain('2 tables (a.csv, b.csv)');
  });
  it('holds no image that can be decoded', async () => {
    const files = ['a', 'b'].map((c) => ({ name: `${c}/1.png`, data: csv('no image') }));
    expect(await refused('a.zip', zipOf(files))).toContain('none of its 2 images can be decoded');
  });
});

describe('an archive', () => {
  it('lists what can’t be used, file by file, and leaves system files out without a word', async () => {
    const files = await classes(6);
    const torn = Buffer.from(files[0]!.data).subarray(0, 60);
    const { report } = await reviewed(
      'a.zip',
      zipOf([
        ...files,
        { name: 'set/cat/torn.png', data: torn },
        { name: 'set/dog/link.png', data: csv('../../etc/passwd'), mode: 0o120777 },
        { name: 'set/more.zip', data: zipOf([]) },
        { name: 'set/notes.txt', data: csv('x') },
        { name: 'set/stray.png', data: await picture(250) },
        { name: '__MACOSX/set/cat/._0.png', data: csv('x') },
        { name: 'set/.DS_Store', data: csv('x') },
      ]),
    );
    expect(report.source.ignored).toBe(2);
    const { first, total } = problemsOf(report, proposedDecision(report));
    expect(total).toBe(5);
    expect(Object.fromEntries(first.map((p) => [p.path, p.message]))).toEqual({
      'set/cat/torn.png': expect.stringContaining('damaged or cut short'),
      'set/dog/link.png': expect.stringContaining('symbolic link'),
      'set/more.zip': expect.stringContaining('archive inside'),
      'set/notes.txt': expect.stringContaining('neither an image'),
      'set/stray.png': 'lies in no class folder',
    });
  });

  it('of images that differ in size, colour and alpha is brought to what the person chose', async () => {
    const files = await classes(6);
    files.push({ name: 'set/dog/large.png', data: await picture(77, 20) });
    files.push({ name: 'set/cat/clear.png', data: await picture(88, 8, true) });
    const review = await reviewed('a.zip', zipOf(files));
    expect(review.report.content).toMatchObject({
      sizes: [
        { height: 8, width: 8, count: 13 },
        { height: 20, width: 20, count: 1 },
      ],
      channels: { grey: 0, colour: 14, alpha: 1 },
    });
    const proposed = proposedDecision(review.report);
    expect(proposed).toMatchObject({ height: 8, width: 8, channels: 3 });
    const row = await sealed(review, { ...proposed, height: 5, width: 4, channels: 1 } as Decision);
    expect(row.schema).toMatchObject({ image: { height: 5, width: 4, channels: 1 } });
    expect((await referee.blobs.get(row.trainKey!)).length).toBeGreaterThan(row.nTrain! * 20);
  });

  it('with a table of labels takes the classes from it', async () => {
    const files: ZipInput[] = [];
    for (let i = 0; i < 12; i++) files.push({ name: `images/p${i}.png`, data: await picture(i * 5) });
    const lines = files.slice(0, 11).map((f, i) => `${f.name.split('/')[1]},${i % 2 ? 'odd' : 'even'}`);
    const table = ['filename,label', ...lines, 'p3.png,odd', 'ghost.png,odd'].join('\n');
    const { report } = await reviewed('a.zip', zipOf([...files, { name: 'labels.csv', data: csv(table) }]));
    const proposed = proposedDecision(report);
    expect(proposed).toMatchObject({ labeling: 'column:label' });
    expect(problemsOf(report, proposed).first).toEqual([
      { path: 'labels.csv:13', message: 'names "p3.png" again' },
      { path: 'labels.csv:14', message: 'names "ghost.png", which is not in the archive' },
      { path: 'images/p11.png', message: 'has no label in the table' },
    ]);
  });

  it('finds equal images under different names and labels, and keeps them in one part', async () => {
    const files = await classes(8);
    files.push({ name: 'set/cat/copy.png', data: files[0]!.data });
    files.push({ name: 'set/dog/twin.png', data: files[1]!.data });
    const review = await reviewed('a.zip', zipOf(files));
    expect(review.report.duplicates).toMatchObject({ groups: 2, items: 4, conflicts: 1 });
    expect(review.report.duplicates.first[0]).toEqual({
      names: ['set/cat/1.png', 'set/dog/twin.png'],
      labels: ['cat', 'dog'],
    });
    const row = await sealed(review, proposedDecision(review.report));
    expect(row.nTrain! + row.nValidation! + row.nTest!).toBe(18);
  });
});

it('a zipped table whose bytes are damaged is refused at once, in words', async () => {
  const zip = zipOf([{ name: 'table.csv', data: csv(iris(500)) }]);
  for (let at = 200; at < 240; at++) zip[at] = zip[at]! ^ 0xff;
  expect(await refused('table.zip', zip)).toMatch(/table\.csv is damaged inside the archive/);
}, 60_000);
