import { createInterface } from 'node:readline/promises';

/** Asks the person at the terminal to be the reviewer. An end of the input counts as a rejection. */
export async function askReviewer(environment: string, signal: AbortSignal): Promise<'approved' | 'rejected'> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('no')));
  try {
    for (;;) {
      const question = `\n  You are the reviewer of the environment "${environment}". Approve? [yes/no] `;
      const answer = (await Promise.race([lines.question(question, { signal }), closed])).trim().toLowerCase();
      if (['y', 'yes'].includes(answer)) return 'approved';
      if (['n', 'no'].includes(answer)) return 'rejected';
    }
  } finally {
    lines.close();
  }
}
