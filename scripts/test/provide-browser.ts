import { findBrowser } from '../../e2e/browser.ts';
import { task } from '../setup/progress.ts';
import { bin, run } from '../setup/run.ts';

/** A browser's path, installing one where that is possible without asking; else in one sentence why there is none. */
export async function provideBrowser(): Promise<{ file: string } | { reason: string }> {
  const found = findBrowser();
  if (found) return { file: found };
  const progress = task('Getting a browser for the tests');
  const ways: [string, () => Promise<unknown>][] = [
    ["Playwright's", () => run(process.execPath, [bin('@playwright/test/cli.js'), 'install', 'chromium'])],
  ];
  if (process.getuid?.() === 0) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    ways.push(["Debian's", () => run('apt-get', ['update'], { env })]);
    ways.push(["Debian's", () => run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env })]);
  }
  for (const [name, install] of ways) {
    progress.update(name);
    await install().catch(() => {});
    const file = findBrowser();
    if (file) {
      progress.done();
      return { file };
    }
  }
  progress.fail('none found, and none could be installed');
  return { reason: 'no Chromium or Chrome is installed here, and none could be installed' };
}
