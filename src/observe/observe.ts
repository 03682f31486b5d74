import type { Context } from '../context/context.ts';
import { badTags } from '../deployment/bad-tags.ts';
import { withJournal } from '../deployment/journal.ts';
import { neverBack } from '../deployment/late-writes.ts';
import type { DatabasePart, Slot } from '../deployment/observed.ts';
import { hasSettings, type Look, type SeenSlots } from '../deployment/partial-look.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { freshRun, type ThisRun } from '../deployment/this-run.ts';
import type { PhaseTraits } from '../settings/phases.ts';
import type { Settings } from '../settings/settings.ts';
import { begun } from './ahead.ts';
import { beginLookAtApp, lookAtApp } from './app.ts';
import { askCandidate } from './candidate.ts';
import { findDatabasesOf, lookIntoDatabases } from './databases.ts';
import { insideAhead } from './inside.ts';
import { runOf } from './join.ts';
import { listsAhead } from './lists.ts';
import { releaseIn } from './release.ts';
import { withSecrets } from './secrets.ts';
import { lookAtServers, serversAhead } from './servers.ts';
import { slotNamesOf } from './slot-names.ts';
import { type Missing, miss, nothingMissing } from './unseen.ts';

/**
 * One look at everything that the phase decides on. Only reads. A phase that changes something stops at the first part that
 * cannot be seen. For one that changes nothing the look goes on, and says what is missing and why: with the Reader role one sees
 * slots, the last swap and what the tags of the databases record, but no settings.
 * @returns `settings` with what the record adds to them.
 */
export async function observe(
  context: Context,
  phase: PhaseTraits,
  thisRun: ThisRun,
): Promise<{ look: Look; settings: Settings }> {
  const { arm, ports } = context;
  const missing = nothingMissing(phase);
  const listed = listsAhead(context);
  const inside = insideAhead(context, phase);
  serversAhead(context, listed);
  const slotNames = phase.listsSlots && begun(slotNamesOf(context));
  const app = await beginLookAtApp(context, missing);
  if (phase.asksCandidate && !context.settings.dryRun && thisRun === freshRun) begun(askCandidate(context, app));
  const slot = app.production?.slot;
  const production = slot && hasSettings(slot) ? await withSecrets(context, phase, slot) : undefined;
  const servers = await lookAtServers(context, missing, production);
  const found = servers && (await findDatabasesOf(context, missing, phase, production, servers, listed));
  const settings = found?.deployment.settings ?? context.settings;
  const isLive = production && isLiveBuild(production, found?.deployment.record);
  const [{ appPart, ...slots }, recorded, release] = await Promise.all([
    lookAtApp(context, missing, app, settings, phase),
    found && lookIntoDatabases(context, missing, phase, found, inside),
    isLive && phase.looksAtBuild ? releaseIn(context, production) : undefined,
  ]);
  const databasePart = recorded && journaled(missing, phase, recorded, slots);
  const now = new Date(arm.azureTime() ?? ports.clock.now()).toISOString();
  const run = { now, run: runOf(context.settings), thisRun: { since: now, ...thisRun } };
  const [first, ...more] = missing.parts;
  if (first) {
    const seen = { appPart, servers: found?.servers ?? servers, databasePart };
    return { settings, look: { ...run, ...slots, ...seen, unseen: [first, ...more] } };
  }
  if (appPart && databasePart) {
    const live = { ...appPart.production, release };
    return { settings, look: { ...appPart, slotNames: await slotNames, production: live, ...databasePart, ...run } };
  }
  throw new Error('A part of the look is missing, and nothing says why.');
}

/** With what the journal in the readonly slot knows beyond the tags of the databases, and what was written late left aside. */
function journaled(
  missing: Missing,
  phase: PhaseTraits,
  part: DatabasePart,
  { readonlySlot: slot, stagingSlot, production }: SeenSlots,
): DatabasePart | undefined {
  const { record } = part;
  if (!record) return part;
  const parsed = slot ? withJournal(record, slot.tags) : { read: record };
  const markers = [slot, stagingSlot, production].map((each) => (each && hasSettings(each) ? each.marker : undefined));
  if ('read' in parsed) return { ...part, record: neverBack(parsed.read, markers) };
  if (!slot) return part;
  const stop = badTags(slot, parsed.bad, 'slot');
  if (!phase.overview) throw stop;
  miss(missing, { what: 'record of the deployment', so: 'how far the deployment has come', at: slot.id }, stop);
  return undefined;
}

/** Not while a swap is under way, in which SCM of both slots changes places. */
function isLiveBuild({ marker }: Slot, record: DeploymentRecord | null | undefined): boolean {
  return (
    record?.intent === undefined && !(marker?.role === 'read-only' && marker.deploymentId === record?.deploymentId)
  );
}
