import { dollarsADay, PRICES_OF } from '../deployment/list-price.ts';
import type { Observed } from '../deployment/observed.ts';
import type { PhaseName } from '../settings/phases.ts';
import type { Settings } from '../settings/settings.ts';
import { seconds } from '../wait.ts';

/**
 * Seconds that a phase takes with one small database and an app that starts in half a minute, by recordings of Azure:
 * docs/speed.md. A test holds them to what is measured there.
 */
export const USUAL_SECONDS: Readonly<Record<PhaseName, number>> = {
  preflight: 5,
  clone: 100,
  'read-only': 85,
  switch: 125,
  deploy: 42,
  validate: 2,
  complete: 100,
  cleanup: 45,
  rollback: 60,
  status: 5,
};

/** What a restore of the databases adds to a rollback. */
const RESTORE_SECONDS = 640;
/** From the move to the copy to the move to the candidate, without the approval. */
export const WINDOW_SECONDS = 160;

/** How long it will take, as far as that can be told before; a sentence. */
export function expectedSentence(phase: PhaseName, settings: Settings, look: Observed | undefined): string {
  const soak = phase === 'complete' ? settings.soakSeconds : 0;
  const restore = phase === 'rollback' && settings.rollbackScope !== 'code' ? RESTORE_SECONDS : 0;
  const whole = seconds((USUAL_SECONDS[phase] + soak + restore) * 1000);
  const more = COMMANDS.has(phase) && settings.migrateCommand ? ', and what your commands take' : '';
  const window = WINDOW.has(phase)
    ? ` Visitors are read-only from "switch" to "complete": about ${seconds(WINDOW_SECONDS * 1000)} in all, and as long as the approval takes.`
    : '';
  return `Expected: about ${whole}${more}, by recordings of Azure with a small database (docs/speed.md); large ones and slow starts take longer.${window}${phase === 'clone' && look ? costSentence(settings, look) : ''}`;
}

/** Of clones of another size than the original's nothing is said: their price is that of the size that was asked for. */
function costSentence({ cloneServiceObjective, cloneElasticPool }: Settings, { databases }: Observed): string {
  if (cloneServiceObjective !== undefined || cloneElasticPool !== undefined) return '';
  const dollars = dollarsADay(databases.flatMap(({ original }) => original ?? []));
  if (dollars === undefined) return ' Each clone costs what its original does, until "cleanup".';
  return ` The clones cost about ${dollars.toFixed(2)} US dollars a day until "cleanup": an estimate by list prices of ${PRICES_OF}.`;
}

const COMMANDS: ReadonlySet<PhaseName> = new Set(['deploy']);
const WINDOW: ReadonlySet<PhaseName> = new Set(['switch', 'deploy', 'validate', 'complete']);
