import type { SlotSettings } from '../azure/slot-settings.ts';
import { companionSettings, focusOn } from '../deployment/companions.ts';
import { journalTags } from '../deployment/journal.ts';
import { mirrorPlace } from '../deployment/mirror.ts';
import type { Observed } from '../deployment/observed.ts';
import { originals } from '../deployment/originals.ts';
import { type DeploymentRecord, isMirrored, type SwapPurpose } from '../deployment/record.ts';
import { isOurs, slotNamed } from '../deployment/slots.ts';
import type { Settings } from '../settings/settings.ts';
import type { Plan, Step } from '../steps/steps.ts';
import { consequences } from '../swap/intent.ts';
import { azure, type Call, databaseAt, sql, tags } from './call.ts';
import { callsOf } from './calls-of-step.ts';
import type { Phase } from './phase.ts';

/**
 * Every request of a plan that changes something, once each, in the order in which it is sent first; those that are needed in any case
 * before those that may be. Visitors who have to be brought back because something is ill are in no plan.
 */
export function plannedCalls(phase: Phase, settings: Settings, observed: Observed, plan: Plan): readonly Call[] {
  if (plan.length === 0) return [];
  const before = phase.changes ? [...beforeAll(phase, observed), ...unseen(phase, observed)] : [];
  const calls = [...before, ...inTurn(settings, observed, plan.flat())];
  const sure = calls.filter(({ onlyIf }) => onlyIf === undefined);
  return once([...sure, ...calls]);
}

/** The way in, and the right to change the deployment. */
function beforeAll({ claims }: Phase, { servers, record, recordDatabase, deploymentId }: Observed): readonly Call[] {
  const rules = servers.flatMap(({ name }) =>
    ['PUT', 'DELETE'].map((method) =>
      azure(
        method,
        `…/servers/${name}/firewallRules/zdd-<deployment and run>`,
        'a rule for this runner, which goes at the end',
        'the firewall refuses it',
      ),
    ),
  );
  if (claims || record === null) return rules;
  return [sql(`sp_getapplock zdd:${deploymentId} in ${recordDatabase}`, 'one run at a time'), ...rules];
}

/** What decides about originals, and could not be seen: they may have to be opened. */
function unseen({ looksInside }: Phase, observed: Observed): readonly Call[] {
  if (!looksInside.includes('originals') || observed.record?.windowOpenedAt === undefined) return [];
  return originals(observed)
    .filter((name) => observed.sql[name] === undefined)
    .map((name) => sql(`ALTER DATABASE ${name} SET READ_WRITE`, 'opened again', UNSEEN));
}

function inTurn(settings: Settings, observed: Observed, steps: readonly Step[]): readonly Call[] {
  const strings = new Map<string, SlotSettings['connectionStrings']>();
  const restored = new Set(steps.flatMap((step) => (step.kind === 'move-database' ? step.to : [])));
  let record = observed.record;
  let purpose: SwapPurpose | undefined = record?.intent?.purpose;
  return steps.flatMap((step) => {
    const companion = observed.companions.find(({ key }) => key === step.of);
    const focus = companion ? focusOn(observed, companion) : observed;
    const stringsOf = (slot: string) =>
      strings.get(`${step.of}/${slot}`) ?? slotNamed(focus, slot)?.connectionStrings ?? {};
    const standing = {
      settings: companion ? companionSettings(settings, companion.key) : settings,
      observed: focus,
      strings: stringsOf,
      unsure(database: string) {
        if (restored.has(database)) return 'the restored database is READ_ONLY';
        return observed.sql[database] === undefined ? UNSEEN : undefined;
      },
      record(fields: Partial<DeploymentRecord>, onlyIf?: string) {
        const meant = step.kind === 'intend-swap' ? { intent: intentOf(step.source, step.purpose), ...fields } : fields;
        const all = { ...meant, ...(isSwap(step) ? consequencesOf(step.of, purpose) : {}) };
        const calls = recordCalls(focus, record, all, onlyIf);
        if (onlyIf === undefined) record = record && { ...record, ...all };
        return calls;
      },
    };
    if (step.kind === 'intend-swap') purpose = step.purpose;
    const calls = callsOf(step, standing);
    if (step.kind === 'write-settings') strings.set(`${step.of}/${step.slot}`, step.settings.connectionStrings);
    // A build takes its strings along.
    if (step.kind === 'post-swap') {
      const moved = stringsOf(step.source);
      strings.set(`${step.of}/${step.source}`, stringsOf('production')).set(`${step.of}/production`, moved);
    }
    return calls;
  });
}

/** A dry run opens no firewall. */
const UNSEEN = 'it is READ_ONLY then, which this run could not see';

function isSwap({ kind }: Step): boolean {
  return kind === 'post-swap' || kind === 'settle-swap';
}

/** Hangs on the first app alone. */
function consequencesOf(of: string | undefined, purpose: SwapPurpose | undefined): Partial<DeploymentRecord> {
  return of === undefined && purpose !== undefined ? consequences(intentOf('', purpose), 'then') : {};
}

function intentOf(source: string, purpose: SwapPurpose): NonNullable<DeploymentRecord['intent']> {
  return { number: 1, purpose, source, sourceMarker: '', productionMarker: '', swapStatusBefore: '', at: '' };
}

/** Where the record is written: see `writeRecord`. */
function recordCalls(
  observed: Observed,
  record: DeploymentRecord | null,
  fields: Partial<DeploymentRecord>,
  onlyIf: string | undefined,
): readonly Call[] {
  const what = 'the record';
  const { readonlySlot: slot, recordDatabase } = observed;
  const mirror = mirrorPlace(observed)?.name;
  const next = { ...record, ...fields, ...(fields.intent ? { swaps: 1 } : {}) };
  const places = [recordDatabase, ...(isMirrored(next) && mirror ? [mirror] : [])];
  const journal = slot && record && isOurs(observed, slot) && journalTags(slot, record, fields);
  if (!journal) return places.map((name) => tags(databaseAt(name), what, onlyIf));
  return [
    tags(`…/slots/${slot.name}`, `${what}, as the journal of the window`, onlyIf),
    ...places.map((name) => tags(databaseAt(name), what, onlyIf ?? 'there is time: the journal has it')),
  ];
}

function once(calls: readonly Call[]): readonly Call[] {
  return calls.filter(({ call }, index) => calls.findIndex((each) => each.call === call) === index);
}
