'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { DetailedError, Upload } from 'tus-js-client';

export interface UploadProgress {
  filename: string;
  sent: number;
  total: number;
  /** went on where an earlier try broke off */
  resumed: boolean;
}

/** One resumable upload (tus); the same file for the same project goes on where it broke off, also after a reload. */
export function useUpload(projectId: string, onDone: () => void) {
  const [progress, setProgress] = useState<UploadProgress | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const running = useRef<Upload | null>(null);
  useEffect(() => () => void running.current?.abort(), []);

  const start = useCallback(
    async (file: File, maxBytes: number) => {
      setError(null);
      const refusal = refuse(file, maxBytes);
      if (refusal) return setError(new Error(refusal));
      const shown = { filename: file.name, sent: 0, total: file.size, resumed: false };
      setProgress(shown);
      const upload = new Upload(file, {
        endpoint: '/api/uploads',
        chunkSize: 16 * 2 ** 20,
        retryDelays: [0, 500, 1000, 3000, 5000, 10_000],
        metadata: { projectId, filename: file.name },
        fingerprint: async () => ['holdout', projectId, file.name, file.size, file.lastModified].join(' '),
        removeFingerprintOnSuccess: true,
        onProgress: (sent, total) => setProgress((now) => ({ ...(now ?? shown), sent, total })),
        onError: (cause) => {
          running.current = null;
          setProgress(null);
          setError(inWords(cause));
        },
        onSuccess: () => {
          running.current = null;
          setProgress(null);
          onDone();
        },
      });
      running.current = upload;
      const [previous] = await upload.findPreviousUploads();
      if (previous) {
        upload.resumeFromPreviousUpload(previous);
        setProgress({ ...shown, resumed: true });
      }
      upload.start();
    },
    [projectId, onDone],
  );

  /** Stops sending; what arrived stays until the data set is cancelled. */
  const stop = useCallback(() => {
    void running.current?.abort();
    running.current = null;
    setProgress(null);
  }, []);

  return { start, stop, progress, error };
}

export type Uploader = ReturnType<typeof useUpload>;

function refuse(file: File, maxBytes: number): string | null {
  if (file.size === 0) return `${file.name} is empty: 0 bytes.`;
  if (file.size > maxBytes)
    return `${file.name} has ${(file.size / 2 ** 30).toFixed(1)} GB; this server takes up to ${(maxBytes / 2 ** 30).toFixed(1)} GB. Upload a smaller file.`;
  return null;
}

function inWords(error: Error | DetailedError): Error {
  const response = error instanceof DetailedError ? error.originalResponse : null;
  if (!response)
    return new Error('The server can’t be reached. Choose the same file again: the upload goes on where it stopped.');
  try {
    const problem = JSON.parse(response.getBody()) as { detail?: string };
    if (problem.detail) return new Error(problem.detail);
  } catch {
    // not a problem document: the status has to do
  }
  return new Error(`The upload was refused with status ${response.getStatus()}. Choose the same file again to go on.`);
}
