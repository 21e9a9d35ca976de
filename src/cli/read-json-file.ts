import { readFile } from 'node:fs/promises';
import { AppError } from '#core/errors.ts';

/** A file that holds one JSON object; - is standard input. @throws AppError bad_request */
export async function readJsonFile(file: string): Promise<object> {
  const text = await readFile(file === '-' ? '/dev/stdin' : file, 'utf8').catch((error: Error) => {
    throw new AppError('bad_request', `Can't read ${file}: ${error.message}.`);
  });
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw new AppError('bad_request', `${file} is not JSON: ${(error as Error).message}.`);
  }
  throw new AppError('bad_request', `${file} must hold one JSON object, such as {"epochs": 12}.`);
}
