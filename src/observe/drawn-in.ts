import { sameName } from '../deployment/names.ts';
import type { Pair } from '../deployment/observed.ts';
import { Stop } from '../errors.ts';
import type { PhaseTraits } from '../settings/phases.ts';
import type { Settings } from '../settings/settings.ts';
import type { FoundRecord } from './records.ts';

/** It copies originals, takes writes from them, updates or restores them. Whatever else a phase does is right with a lost copy, too. */
export function mustBelieve(phase: PhaseTraits, { rollbackScope }: Settings): boolean {
  return phase.needs.includes('clone') || (phase.does.includes('restore') && rollbackScope !== 'code');
}

/**
 * A record is tags, and who may write tags may have no right to a database. So it is believed of one only where something else says
 * so: its copy, an original that was set aside, production's settings, or the user. While the first copies are made, the names are
 * those of the claim.
 * @param originals those of input `databases`, or of production's connection strings
 */
export function refuseDrawnIn(
  { record, database }: FoundRecord,
  pairs: readonly Pair[],
  originals: readonly string[],
  phase: PhaseTraits,
): void {
  if (record.cloned === undefined && !phase.begins) return;
  const alone = pairs.filter(
    ({ name, clone, setAside }) =>
      clone === null && setAside.length === 0 && !originals.some((each) => sameName(each, name)),
  );
  if (alone.length === 0) return;
  const names = alone.map(({ name }) => name).join(', ');
  throw new Stop(
    'drifted',
    `Tag zdd-databases of database ${database.name} names ${names}, and nothing else says that it belongs to deployment ${record.deploymentId}: it has no copy, and neither production's settings nor input databases name it.`,
    `Somebody may have written the tag: look at it in the portal, and write the names that belong there. If all do, say so, and run the phase again: databases: ${record.databases.join(',')}`,
  );
}
