import type { Context } from '../context/context.ts';
import { hasSettings } from '../deployment/partial-look.ts';
import type { AppBegun } from './app.ts';

/**
 * Begins to ask the candidate for its health while the rest is looked at: what runs beside a read-only copy in production, and is of the
 * same deployment. That it is the candidate indeed, and may be sent visitors, is for the plan to decide.
 */
export async function askCandidate({ early }: Context, { production, ahead }: AppBegun): Promise<void> {
  const serves = production?.slot && hasSettings(production.slot) ? production.slot.marker : undefined;
  if (serves?.role !== 'read-only') return;
  const looks = await Promise.all(ahead.values());
  const running = looks.flatMap(({ slot }) => (slot && hasSettings(slot) && slot.state === 'Running' ? [slot] : []));
  const [candidate] = running.filter(
    ({ marker }) => marker?.deploymentId === serves.deploymentId && marker.role !== 'read-only',
  );
  if (candidate) early.begin(candidate);
}
