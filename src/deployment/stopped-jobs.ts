import { createHash } from 'node:crypto';

/** What a tag holds of a WebJob that was stopped: its name, or where not all names fit, `#` and a digest of it. */
const DIGEST = /^#[0-9a-f]{6}$/;

/** The text of one tag. A name that was cut would be the name of no WebJob, and a rollback could not start it. */
export function stoppedJobsText(jobs: readonly string[], longest: number): string {
  const text = jobs.join(':');
  if (text.length <= longest) return text;
  return [...new Set(jobs.map((job) => (isDigest(job) ? job : digestOf(job))))].join(':').slice(0, longest);
}

export function stoppedJobsIn(text: string): readonly string[] {
  return text.split(':').filter((job) => job !== '' && (!job.startsWith('#') || isDigest(job)));
}

/** False: it is a name. */
export function isDigest(job: string): boolean {
  return DIGEST.test(job);
}

/** Their names, digests found among the WebJobs that are there. */
export function namesOf(jobs: readonly string[], there: readonly string[]): readonly string[] {
  return jobs.flatMap((job) => (isDigest(job) ? there.filter((name) => digestOf(name) === job) : [job]));
}

function digestOf(name: string): string {
  return `#${createHash('sha256').update(name).digest('hex').slice(0, 6)}`;
}
