import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { on, once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { LIBRARY_FILE, TENSORFLOW_VERSION } from '../../src/engine/tensorflow/cache-path.ts';
import { parseReport } from './fetch-wheel.ts';
import { provideTensorFlow } from './provide.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'holdout-tensorflow-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A zip of stored entries, as small as the format allows (APPNOTE 4.3). */
function zip(files: Record<string, Buffer>): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, data] of Object.entries(files)) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common, tail, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(18);
  const directory = Buffer.concat(central);
  end.writeUInt16LE(central.length, 4);
  end.writeUInt16LE(central.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end]);
}

const library = randomBytes(5000);
const framework = randomBytes(3000);

function wheel(change: Record<string, Buffer> = {}): Buffer {
  const files = {
    [`tensorflow/${LIBRARY_FILE}`]: library,
    'tensorflow/libtensorflow_framework.so.2': framework,
  };
  const record = Object.entries(files)
    .map(([name, data]) => `${name},sha256=${createHash('sha256').update(data).digest('base64url')},${data.length}`)
    .join('\n');
  return zip({ ...files, 'x-1.dist-info/RECORD': Buffer.from(record), ...change });
}

function named(name: string, content: Buffer): NodeJS.ProcessEnv {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return { NODE_ENV: 'test', XDG_CACHE_HOME: path.join(folder, 'cache'), HOLDOUT_TENSORFLOW: file };
}

describe('HOLDOUT_TENSORFLOW', () => {
  test('a wheel is checked against its record and unpacked once', async () => {
    const environment = named('good.whl', wheel());
    const provided = await provideTensorFlow(environment);
    if (!('folder' in provided)) throw new Error(provided.reason);
    expect(readFileSync(path.join(provided.folder, LIBRARY_FILE))).toEqual(library);
    expect(await provideTensorFlow(environment)).toEqual(provided);
    expect(await provideTensorFlow({ ...environment, HOLDOUT_TENSORFLOW: provided.folder })).toEqual(provided);
  });

  test('a damaged wheel is refused by the name of its damaged file, and nothing of it stays', async () => {
    const before = readdirSync(path.join(folder, 'cache/holdout/tensorflow'));
    const environment = named('bad.whl', wheel({ [`tensorflow/${LIBRARY_FILE}`]: randomBytes(5000) }));
    await expect(provideTensorFlow(environment)).rejects.toThrow(
      `tensorflow/${LIBRARY_FILE} in ${environment.HOLDOUT_TENSORFLOW} is damaged`,
    );
    await expect(provideTensorFlow(named('empty.whl', zip({})))).rejects.toThrow(`holds no ${LIBRARY_FILE}`);
    expect(readdirSync(path.join(folder, 'cache/holdout/tensorflow'))).toEqual(before);
  });

  test("a tarball's C library serves under the name that the engine loads", async () => {
    const tree = path.join(folder, 'tree/lib');
    mkdirSync(tree, { recursive: true });
    writeFileSync(path.join(tree, 'libtensorflow.so.2'), library);
    writeFileSync(path.join(tree, 'libtensorflow_framework.so.2'), framework);
    const file = path.join(folder, 'lib.tar.gz');
    spawnSync('tar', ['-czf', file, '-C', path.join(folder, 'tree'), 'lib']);
    const provided = await provideTensorFlow(named('lib.tar.gz', readFileSync(file)));
    if (!('folder' in provided)) throw new Error(provided.reason);
    expect(readdirSync(provided.folder).sort()).toEqual([LIBRARY_FILE, 'libtensorflow_framework.so.2']);
    expect(readFileSync(path.join(provided.folder, LIBRARY_FILE))).toEqual(library);
  });

  test('what is not there, or no archive, is an error that says what may be named', async () => {
    const environment = named('notes.txt', Buffer.from('x'));
    await expect(provideTensorFlow(environment)).rejects.toThrow(/no wheel, zip or tarball.*Let it name/);
    await expect(provideTensorFlow({ ...environment, HOLDOUT_TENSORFLOW: folder })).rejects.toThrow(/holds no lib/);
    await expect(provideTensorFlow({ ...environment, HOLDOUT_TENSORFLOW: `${folder}/none` })).rejects.toThrow(
      /not there/,
    );
  });
});

test("pip's report is read past the lines before it", () => {
  const report = JSON.stringify({
    install: [{ download_info: { url: 'https://x.example/a.whl', archive_info: { hashes: { sha256: 'ab' } } } }],
  });
  expect(parseReport(`WARNING: something\n${report}\n`)).toEqual({ url: 'https://x.example/a.whl', sha256: 'ab' });
  expect(parseReport('{"install": []}')).toBeUndefined();
  expect(TENSORFLOW_VERSION).toMatch(/^\d+\.\d+\.\d+$/);
});

test('a download that was killed goes on where it stopped, and a wrong digest is refused', async () => {
  const content = randomBytes(400_000);
  const ranges: (string | undefined)[] = [];
  let stall = true;
  const server = createServer((request: IncomingMessage, response) => {
    ranges.push(request.headers.range);
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from ? 206 : 200, { 'content-length': content.length - from });
    // The first answer stops half-way and leaves the line open.
    if (stall) response.write(content.subarray(0, 200_000));
    else response.end(content.subarray(from));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/a.whl`;
  const file = path.join(folder, 'a.whl');
  const start = (sha256: string) =>
    spawn(process.execPath, [path.join(import.meta.dirname, 'download.ts'), url, file, sha256], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });

  const digest = createHash('sha256').update(content).digest('hex');
  const first = start(digest);
  for await (const [message] of on(first, 'message')) {
    if ((message as { done: number }).done >= 200_000) break;
  }
  await expect.poll(() => existsSync(`${file}.part`) && readFileSync(`${file}.part`).length).toBe(200_000);
  first.kill('SIGKILL');
  await once(first, 'exit');

  stall = false;
  const [code] = await once(start(digest), 'exit');
  expect(code).toBe(0);
  expect(ranges).toEqual([undefined, 'bytes=200000-']);
  expect(readFileSync(file)).toEqual(content);

  rmSync(file);
  const wrong = start('0'.repeat(64));
  let words = '';
  wrong.stderr?.on('data', (chunk) => {
    words += chunk;
  });
  expect((await once(wrong, 'close'))[0]).toBe(1);
  expect(words).toContain('SHA-256 differs');
  expect(existsSync(file) || existsSync(`${file}.part`)).toBe(false);
  server.closeAllConnections();
  server.close();
});
