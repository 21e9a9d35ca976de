import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import * as tus from 'tus-js-client';
import { AppError, ERROR_CODES, type ErrorCode } from '#core/errors.ts';
import type { Client } from './client.ts';
import { configFolder } from './credentials.ts';

/** Small enough that a lost connection repeats little, large enough that a GB takes 60 requests. */
const CHUNK_BYTES = 16 * 1024 * 1024;

/** What the package's Node build has beside its types. */
const { FileUrlStorage } = tus as unknown as { FileUrlStorage: new (file: string) => tus.UploadOptions['urlStorage'] };

/**
 * Uploads a file by the tus protocol; the same file for the same project goes on where an earlier try broke off.
 * @returns id of the data set
 * @throws AppError with what the server said
 */
export async function uploadFile(
  client: Client,
  file: string,
  to: { projectId: string; name?: string },
  onProgress: (sent: number, total: number) => void,
): Promise<string> {
  const info = await stat(file).catch(() => null);
  if (!info?.isFile()) throw new AppError('bad_request', `There is no file ${file}.`);
  if (info.size === 0) throw new AppError('invalid_data', `${file} is empty.`);
  const filename = path.basename(file);
  await mkdir(configFolder(), { recursive: true, mode: 0o700 });
  const upload = new tus.Upload(createReadStream(file) as ReadStream & Buffer, {
    endpoint: `${client.url}/api/uploads`,
    headers: client.headers,
    chunkSize: CHUNK_BYTES,
    retryDelays: [0, 500, 1000, 2000, 4000, 8000],
    metadata: { projectId: to.projectId, filename, name: to.name ?? path.parse(filename).name },
    urlStorage: new FileUrlStorage(path.join(configFolder(), 'uploads.json')),
    fingerprint: async () => [client.url, to.projectId, to.name, path.resolve(file), info.size, info.mtimeMs].join(' '),
    removeFingerprintOnSuccess: true,
    onShouldRetry: isPassing,
    onProgress,
  });
  const [previous] = await upload.findPreviousUploads();
  if (previous) upload.resumeFromPreviousUpload(previous);
  await new Promise<void>((resolve, reject) => {
    upload.options.onSuccess = () => resolve();
    upload.options.onError = (error) => reject(problemOf(error, client.url));
    upload.start();
  });
  return new URL(upload.url!).pathname.split('/').at(-1)!;
}

/** The server broke or is away, or an earlier request still holds the upload; what it refuses, it refuses again. */
function isPassing(error: tus.DetailedError): boolean {
  if (refusalOf(error)) return false;
  const status = error.originalResponse?.getStatus() ?? 0;
  return status === 0 || status >= 500 || status === 409 || status === 423;
}

/** What one of our problem documents says. */
function refusalOf(error: Error | tus.DetailedError): AppError | null {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  if (!response) return null;
  try {
    const { code, detail, items } = JSON.parse(response.getBody());
    return code in ERROR_CODES ? new AppError(code as ErrorCode, detail, { items }) : null;
  } catch {
    return null;
  }
}

function problemOf(error: Error | tus.DetailedError, url: string): AppError {
  const refusal = refusalOf(error);
  if (refusal) return refusal;
  const response = 'originalResponse' in error ? error.originalResponse : null;
  if (response) {
    const body = response.getBody().trim().slice(0, 200);
    return new AppError('unavailable', `The upload was refused with status ${response.getStatus()}: ${body}`);
  }
  const again = 'Run the command again: it goes on where it stopped.';
  return new AppError('unavailable', `No answer from ${url} while uploading. ${again}`, { cause: error });
}
