import { formatMarker } from '../deployment/marker.ts';
import type { Observed, Slot } from '../deployment/observed.ts';
import { originals } from '../deployment/originals.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { asksForSchema, type Bond, candidateFingerprint, changedBonds } from '../deployment/verdict.ts';
import type { Settings } from '../settings/settings.ts';
import { refuse } from './refusals.ts';

/** No candidate meets visitors that nobody has looked at, unless a reason is given. */
export function refuseWithoutVerdict({ overrideValidation }: Settings, { verdict }: DeploymentRecord): void {
  if (overrideValidation !== undefined) return;
  if (verdict !== undefined && verdict.result !== 'failed') return;
  refuse(
    verdict ? 'The last validation of this candidate failed.' : 'The candidate has not been validated.',
    'Run "validate" first, or give a reason with override-validation.',
  );
}

/** A verdict holds for exactly the candidate that was looked at, as it was then. */
export function refuseOtherCandidate(
  settings: Settings,
  observed: Observed,
  record: DeploymentRecord,
  slot: Slot,
): void {
  const { candidate, verdict } = record;
  if (settings.overrideValidation !== undefined || candidate === undefined || verdict === undefined) return;
  const now = candidateFingerprint(settings, observed, slot, verdict.result);
  const changed = changedBonds(verdict.of, now);
  if (changed.length === 0 || isOutOfSight(settings, observed)) return;
  const marker = formatMarker({ deploymentId: record.deploymentId, ...candidate });
  // Another query gives another answer: whether the schema has changed is not known then.
  if (changed.includes('query') && changed.every((bond) => bond === 'query' || bond === 'schema')) {
    refuse(
      `The verdict on candidate ${marker} cannot be compared, because input schema-version-query differs: ${given(verdict.of, now)}.`,
      'Give "complete" the same schema-version-query as "validate", or run "validate" again with the right one.',
    );
  }
  refuse(
    `Since candidate ${marker} was validated there has been a change of ${changed.map((bond) => WORDS[bond]).join(' and ')}.`,
    'Run "validate" again.',
  );
}

function given(before: string, now: string): string {
  if (!asksForSchema(now)) return '"validate" was given one, "complete" none';
  return asksForSchema(before) ? '"validate" was given another one' : '"validate" was given none, "complete" one';
}

const WORDS: Readonly<Record<Bond, string>> = {
  marker: 'its marker',
  settings: 'its app settings or connection strings, or of the verdict itself',
  databases: 'the databases that it works on',
  schema: 'the schema version',
  query: 'input schema-version-query',
};

/** A dry run opens no firewall rule: what the databases say may be missing, and then nothing follows from it. */
export function isOutOfSight(settings: Settings, observed: Observed): boolean {
  return settings.dryRun && originals(observed).some((name) => observed.sql[name] === undefined);
}
