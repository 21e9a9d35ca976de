'use client';

import { Upload } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import { Button, cx, ErrorState, Progress } from '../ui/index.ts';
import type { Uploader } from './use-upload.ts';
import { fileSize } from './words.ts';

/** Drop a file or pick one; `unfinished` is the file that an earlier upload broke off in. */
export function UploadBox({
  uploader,
  maxBytes,
  unfinished,
}: {
  uploader: Uploader;
  maxBytes: number;
  unfinished?: string | undefined;
}) {
  const { start, stop, progress, error } = uploader;
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file && !progress) void start(file, maxBytes);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the button inside does the same
    <div
      className={cx('drop', over && 'over')}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {progress ? (
        <div className="sending">
          <b>{progress.filename}</b>
          <Progress label={`Upload of ${progress.filename}`} value={progress.sent} max={progress.total} />
          <span className="small two">
            {fileSize(progress.sent)} of {fileSize(progress.total)}
            {progress.resumed && ', going on where it stopped'}
          </span>
          <div>
            <Button size="s" onClick={stop}>
              Pause the upload
            </Button>
          </div>
        </div>
      ) : (
        <>
          <h2>{unfinished ? `${unfinished} has not arrived in full` : 'Upload the data'}</h2>
          {unfinished ? (
            <p className="two">Choose the same file again: the upload goes on where it stopped.</p>
          ) : (
            <>
              <p className="two">Drop one file here, up to {fileSize(maxBytes)}.</p>
              <ul>
                <li>
                  <b>Images with classes:</b> a zip with one folder a class, or with a CSV table of file names and
                  labels
                </li>
                <li>
                  <b>Images with keypoints:</b> a CSV with x and y columns and one column of grey values, plain or
                  zipped
                </li>
                <li>
                  <b>Tables:</b> a CSV with named columns, for classes or numbers to predict
                </li>
              </ul>
            </>
          )}
          <input
            ref={picker}
            type="file"
            className="vh"
            tabIndex={-1}
            aria-label="File to upload"
            accept=".zip,.csv,.tsv,.txt"
            onChange={(event) => {
              const file = event.target.files?.[0];
              event.target.value = '';
              if (file) void start(file, maxBytes);
            }}
          />
          <Button variant="go" onClick={() => picker.current?.click()}>
            <Upload className="i" aria-hidden />
            {unfinished ? 'Go on with the upload' : 'Choose a file'}
          </Button>
        </>
      )}
      {error && <ErrorState error={error} />}
    </div>
  );
}
