import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellQuoted } from './output.ts';

test.each(['12', 'plain · seed 8', "Ann's; $HOME `ls`", ''])('a shell reads %j back as it was', (word) => {
  expect(execFileSync('sh', ['-c', `printf %s ${shellQuoted(word)}`], { encoding: 'utf8' })).toBe(word);
});
