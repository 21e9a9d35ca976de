'use client';

import { useMutation } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { classesOf, type Decision, problemsOf, proposedDecision } from '#core/data/decision.ts';
import type { Report } from '#core/data/report.ts';
import { MIN_GROUPS } from '#core/data/split.ts';
import { useTRPC } from '../trpc/client.tsx';
import { Button, Checkbox, ErrorState, PageHead } from '../ui/index.ts';
import { ClassShares } from './class-shares.tsx';
import { CancelButton, type Dataset } from './data-page.tsx';
import { ProblemList } from './problem-list.tsx';
import { ReviewImages } from './review-images.tsx';
import { ReviewKeypoints } from './review-keypoints.tsx';
import { ReviewTable } from './review-table.tsx';
import { StageLine } from './stage-line.tsx';
import { counted, fileSize, KIND_WORDS, onDay } from './words.ts';

/** What was found and what it means: the person confirms or corrects it, then everything is split and sealed. */
export function ReviewForm({
  dataset,
  report,
  canWrite,
  onChange,
}: {
  dataset: Dataset;
  report: Report;
  canWrite: boolean;
  onChange: () => void;
}) {
  const trpc = useTRPC();
  const [decision, setDecision] = useState<Decision>(() => proposedDecision(report));
  const confirm = useMutation(trpc.datasets.confirm.mutationOptions({ onSuccess: onChange }));
  const problems = problemsOf(report, decision);
  const classes = classesOf(report, decision);
  const { content, duplicates } = report;
  const proposal = report.proposals.find((p) => p.kind === decision.kind) ?? report.proposals[0]!;
  const found = {
    uploaded: `${fileSize(dataset.bytes)}, ${onDay(dataset.createdAt)}`,
    unpacked: content.type === 'images' ? counted(report.source.files, 'file') : counted(content.items, 'row'),
    checked: problems.total ? `${counted(problems.total, 'place')} can’t be used` : 'nothing to mend',
    duplicates: duplicates.groups ? `${counted(duplicates.groups, 'group')} of equal items` : 'none',
  };
  return (
    <>
      <PageHead
        title={dataset.name}
        about={
          <>
            <code>{dataset.filename}</code>, uploaded by {dataset.createdBy}. Nothing is split yet: look at what was
            found, then decide.
          </>
        }
        actions={canWrite && <CancelButton datasetId={dataset.id} onDone={onChange} />}
      />
      <StageLine stages={dataset.stages} working={false} progress={null} notes={found} />
      {dataset.error && <ErrorState title="It could not be split yet." error={new Error(dataset.error)} />}
      <div className="dcols">
        <div>
          <section className="sec">
            <header>
              <h2>{KIND_WORDS[decision.kind]}</h2>
              <span className="small two">because {proposal.reasons.join(', and ')}</span>
            </header>
            <fieldset disabled={!canWrite}>
              {content.type === 'images' && decision.kind === 'image-classification' && (
                <ReviewImages content={content} decision={decision} onDecision={setDecision} />
              )}
              {content.type === 'keypoints' && <ReviewKeypoints content={content} />}
              {content.type === 'table' && 'target' in decision && (
                <ReviewTable content={content} decision={decision} onDecision={setDecision} />
              )}
            </fieldset>
          </section>
        </div>
        <div>
          <section className="sec">
            <header>
              <h2>Can’t be used</h2>
              <span className="end small two">{problems.total ? counted(problems.total, 'place') : 'nothing'}</span>
            </header>
            {problems.total ? (
              <ProblemList problems={problems} />
            ) : (
              <p className="small two">Every item can be used.</p>
            )}
          </section>
          {classes && (
            <section className="sec">
              <header>
                <h2>Classes</h2>
                <span className="end small two">{counted(classes.length, 'class', 'classes')}</span>
              </header>
              <ClassShares
                classes={classes.slice(0, 40).map(({ name, count }) => ({ name, parts: [count] }))}
                few={MIN_GROUPS}
              />
              {classes.length > 40 && <p className="small two mt-2">and {classes.length - 40} more</p>}
            </section>
          )}
          {duplicates.groups > 0 && (
            <section className="sec">
              <header>
                <h2>Duplicates</h2>
                <span className="end small two">
                  {counted(duplicates.items, 'item')} in {counted(duplicates.groups, 'group')}
                </span>
              </header>
              <p className="small two">Equal items always go to the same part, so nothing has to be done.</p>
              {duplicates.conflicts > 0 && (
                <div className="say">
                  <TriangleAlert className="i warn" aria-hidden />
                  <p>
                    <b className="warn">{counted(duplicates.conflicts, 'group')} with two labels.</b> One of the labels
                    is wrong: {duplicates.first[0]!.names.slice(0, 2).join(' and ')} are{' '}
                    {duplicates.first[0]!.labels.join(' and ')}.
                  </p>
                </div>
              )}
            </section>
          )}
          {canWrite && (
            <section className="sec grid gap-3">
              <h2>Split and seal</h2>
              <p className="small two">
                70 % to learn from, 15 % to compare runs, 15 % sealed for the one final test. This can’t be undone: the
                upload is deleted, and the sealed part stays closed until you open it once.
              </p>
              {(problems.total > 0 || dataset.error) && (
                <Checkbox
                  label={
                    problems.total > 0
                      ? problems.total === 1
                        ? 'Leave out the place above'
                        : `Leave out the ${counted(problems.total, 'place')} above`
                      : 'Leave out classes that are too small'
                  }
                  checked={decision.drop}
                  onChange={(event) => setDecision({ ...decision, drop: event.target.checked })}
                />
              )}
              {confirm.error && <ErrorState error={confirm.error} />}
              <div>
                <Button
                  variant="go"
                  pending={confirm.isPending}
                  disabled={problems.total > 0 && !decision.drop}
                  onClick={() => confirm.mutate({ datasetId: dataset.id, decision })}
                >
                  Split and seal
                </Button>
              </div>
              {problems.total > 0 && !decision.drop && (
                <p className="small three">
                  Leave {problems.total === 1 ? 'it' : 'them'} out, or cancel, mend the file and upload it again.
                </p>
              )}
            </section>
          )}
        </div>
      </div>
    </>
  );
}
