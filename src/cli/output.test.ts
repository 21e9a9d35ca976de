import { execFileSync } from 'node:child_process';
import { expect, test, vi } from 'vitest';
import { AppError } from '#core/errors.ts';
import { printError, shellQuoted } from './output.ts';

test.each(['12', 'plain · seed 8', "Ann's; $HOME `ls`", ''])('a shell reads %j back as it was', (word) => {
  expect(execFileSync('sh', ['-c', `printf %s ${shellQuoted(word)}`], { encoding: 'utf8' })).toBe(word);
});

test('what is wrong with a layer is told once', () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const [first, second] = ['"big" has a window of 40 x 40.', 'The warm-up is too long.'];
    const items = [
      { path: '/model/layers/0', message: first! },
      { path: '/schedule/warmupEpochs', message: second! },
    ];
    printError(new AppError('invalid_data', first!, { items }), false);
    expect(write.mock.calls.join('')).toBe(`holdout: ${first}\n  /schedule/warmupEpochs: ${second}\n`);
  } finally {
    write.mockRestore();
  }
});

test('a person reads of no body, a machine does', () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const items = [{ path: '/body/config/mode', message: 'must be one of train' }];
    const error = new AppError('bad_request', 'The body does not fit: /body/config/mode: must be one of train.', {
      items,
    });
    printError(error, false);
    expect(write.mock.calls).toEqual([['holdout: What was sent does not fit: mode: must be one of train.\n']]);
    printError(error, true);
    expect(JSON.parse(String(write.mock.calls[1]![0])).error.items).toEqual(items);
  } finally {
    write.mockRestore();
  }
});
