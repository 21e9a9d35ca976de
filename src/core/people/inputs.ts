import { z } from 'zod';

/** What people type about themselves and their courses: checked alike in the form and on the server. */

const name = (what: string, max: number) =>
  z.string().trim().min(1, `Give ${what} a name.`).max(max, `At most ${max} characters.`);

export const personName = z.string().trim().min(1, 'Type your name.').max(80, 'At most 80 characters.');
export const courseName = name('the course', 80);
export const courseTerm = z.string().trim().max(40, 'At most 40 characters.');
export const teamName = name('the team', 60);
export const projectName = name('the project', 60);
export const tokenName = name('the token', 60);

/** Lower case, as it is stored. */
export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'At most 254 characters.')
  .pipe(z.email('This is not an e-mail address. It should look like ada@example.edu.'));

/** Length is what counts (NIST SP 800-63B); the cap keeps hashing short. */
export const newPassword = z.string().min(10, 'At least 10 characters.').max(200, 'At most 200 characters.');

export const newAccount = z.object({ name: personName, email, password: newPassword });

export const courseRole = z.enum(['instructor', 'assistant', 'student']);
export const tokenScope = z.enum(['read', 'run', 'submit']);
