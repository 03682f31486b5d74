import type { Conclusion, JobResult } from './contract.ts';

/** By the job's id. */
export type Results = Record<string, JobResult>;

/** What there is of a job that ran no step. */
export const NOT_RUN = { outputs: {}, steps: [], annotations: [] };

/** The conclusion of a whole workflow, from those of its jobs. */
export function overall(results: readonly JobResult[]): Conclusion {
  const conclusions = results.map(effective);
  if (conclusions.includes('cancelled')) return 'cancelled';
  if (conclusions.includes('failure')) return 'failure';
  return conclusions.length > 0 && conclusions.every((one) => one === 'skipped') ? 'skipped' : 'success';
}

/** What others see of a job: a tolerated failure is a success. */
export function effective(result: JobResult | undefined): Conclusion {
  if (result === undefined) return 'skipped';
  return result.tolerated && result.conclusion === 'failure' ? 'success' : result.conclusion;
}
