import { Stop } from '../errors.ts';
import { absoluteKey } from './database-key.ts';
import { traitsOf } from './phases.ts';
import type { RecordedInputs } from './recorded.ts';
import type { Settings } from './settings.ts';

/**
 * The settings with what `clone` recorded put in. Later phases may leave these inputs out; contradicting the record
 * stops the run. Names compare without regard to case, as Azure does.
 */
export function withRecord(
  settings: Settings,
  recorded: RecordedInputs & { readonly server?: string | undefined },
): Settings {
  const complaints = fields.flatMap(([field, input]) => {
    const given = settings.given[field];
    if (given === undefined || same(given, recorded[field], recorded.server)) return [];
    return [`Input ${input} is "${shown(given)}", but the deployment was opened with "${shown(recorded[field])}".`];
  });
  const opensWindow = settings.phases.some((phase) => traitsOf[phase].opensWindow);
  if (recorded.mode === 'read-write' && opensWindow && !settings.acceptDataLoss) {
    complaints.push('The deployment was opened with mode "read-write", and accept-data-loss is "false".');
  }
  if (complaints.length > 0) {
    throw new Stop(
      'bad-input',
      complaints.join('\n'),
      'Nothing was done. Leave these inputs out, give the recorded values (accept-data-loss "true" with mode "read-write"), or end the open deployment with "cleanup" first.',
    );
  }
  const { mode, profile, readonlySlot, stagingSlot, databases } = recorded;
  return { ...settings, mode, profile, readonlySlot, stagingSlot, databases };
}

const fields: readonly (readonly [keyof RecordedInputs, string])[] = [
  ['mode', 'mode'],
  ['profile', 'profile'],
  ['readonlySlot', 'readonly-slot'],
  ['stagingSlot', 'staging-slot'],
  ['databases', 'databases'],
];

/** Databases may be given without the server that has the record, or with it, in any order. */
function same(
  given: RecordedInputs[keyof RecordedInputs],
  recorded: RecordedInputs[keyof RecordedInputs],
  server = '',
): boolean {
  const comparable = (value: RecordedInputs[keyof RecordedInputs]) =>
    typeof value === 'object' ? value.map((key) => absoluteKey(server, key)).sort() : shown(value).toLowerCase();
  return String(comparable(given)) === String(comparable(recorded));
}

function shown(value: RecordedInputs[keyof RecordedInputs]): string {
  return typeof value === 'string' ? value : (value ?? []).join(',');
}
