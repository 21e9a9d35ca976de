import { AppError } from '#core/errors.ts';

/** Turns the database's refusal of a second row with the same name or other `field` (P2002) into words; other errors pass. */
export async function orTaken<T>(write: Promise<T>, message: string, field = 'name'): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'P2002') {
      throw new AppError('conflict', message, { items: [{ path: field, message }], cause: error });
    }
    throw error;
  }
}
