import { writeFileSync } from 'node:fs';
import type { FullConfig, Reporter, Suite, TestError } from '@playwright/test/reporter';

/** A Playwright reporter that writes {passed, failed, skipped} to the file that HOLDOUT_TALLY names. */
export default class PlaywrightTally implements Reporter {
  private suite: Suite | undefined;
  private errors = 0;

  onBegin(_config: FullConfig, suite: Suite) {
    this.suite = suite;
  }

  onError(_error: TestError) {
    this.errors++;
  }

  onEnd() {
    const tally = { passed: 0, failed: this.errors, skipped: [] as { name: string; reason: string }[] };
    for (const test of this.suite?.allTests() ?? []) {
      const outcome = test.outcome();
      if (outcome === 'expected') tally.passed++;
      else if (outcome !== 'skipped') tally.failed++;
      else {
        const reason = test.annotations.find((a) => a.type === 'skip' || a.type === 'fixme')?.description;
        tally.skipped.push({ name: test.titlePath().slice(1).join(' > '), reason: reason ?? 'did not run' });
      }
    }
    if (process.env.HOLDOUT_TALLY) writeFileSync(process.env.HOLDOUT_TALLY, JSON.stringify(tally));
  }
}
