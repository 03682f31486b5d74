import { parseMarker } from '../../src/deployment/marker.ts';
import { parseName } from '../../src/deployment/names.ts';
import type { Observed, Slot } from '../../src/deployment/observed.ts';
import { isUnmoved } from '../../src/deployment/restored.ts';
import { slotNamed, slots } from '../../src/deployment/slots.ts';
import { nothingLetIn } from '../../src/deployment/untouched.ts';
import { traitsOf } from '../../src/settings/phases.ts';
import { isDone } from '../../src/steps/done.ts';
import { planText } from '../../src/steps/plan-text.ts';
import type { Step, StepKind } from '../../src/steps/steps.ts';
import type { Picture } from './picture.ts';
import type { Round } from './walk.ts';

/** The laws that this round breaks, each with what breaks it. */
export function brokenLaws(round: Round): string[] {
  const problems = [
    ...Object.entries(planLaws).map(([law, problem]) => [law, problem(round)]),
    ...Object.entries(pictureLaws).flatMap(([law, problem]) => round.pictures.map((each) => [law, problem(each)])),
  ];
  return problems.flatMap(([law, what]) => (what === undefined ? [] : [`${law}: ${what}`]));
}

/** What must hold of every plan, whatever was seen. Each answers what is wrong, or undefined. */
const planLaws: Readonly<Record<string, (round: Pick<Round, 'phase' | 'observed' | 'plan'>) => string | undefined>> = {
  'the slot that serves visitors is never changed': ({ plan }) =>
    first(plan.flat(), (step) => WRITES_SLOTS.has(step.kind) && 'slot' in step && step.slot === 'production'),

  'visitors move only to what was just proven': ({ observed, plan }) => {
    const steps = plan.flat();
    return first(steps, (step, index) => {
      if (step.kind !== 'post-swap') return false;
      const proof = steps.findIndex((each) => each.kind === 'prove-instance' && each.slot === step.source);
      const wasProven = observed.thisRun.proven[step.source] === slotNamed(observed, step.source)?.markerText;
      return !wasProven && (proof < 0 || proof > index);
    });
  },

  'a swap is sent once, after its intent was recorded': ({ observed, plan }) => {
    const steps = plan.flat();
    const { intended, posted } = observed.thisRun;
    const open = observed.record?.intent;
    return first(steps, (step, index) => {
      if (step.kind !== 'post-swap') return false;
      if (open !== undefined) {
        return open.source !== step.source || open.number !== intended || open.number === posted?.number;
      }
      const intent = steps.findIndex((each) => each.kind === 'intend-swap' && each.source === step.source);
      return intent < 0 || intent > index;
    });
  },

  'nobody is sent to the copy before it is proven that the originals can be closed behind them': ({
    observed,
    plan,
  }) => {
    const steps = plan.flat();
    const isProven = (index: number) => steps.slice(0, index).some(({ kind }) => kind === 'prove-sql');
    return first(
      steps,
      (step, index) =>
        step.kind === 'intend-swap' && step.purpose === 'switch' && !isDone(observed, 'prove-sql') && !isProven(index),
    );
  },

  'while a swap is open nothing else is done, except for watching': ({ observed, plan }) =>
    observed.record?.intent === undefined
      ? undefined
      : first(plan.flat(), (step) => step.kind !== 'settle-swap' && step.kind !== 'post-swap' && !isTentative(step)),

  'a batch does not reach past a change that others depend on': ({ plan }) => {
    for (const batch of plan) {
      const alone = batch.find((step) => ALONE.has(step.kind) && !isTentative(step));
      const besides = batch.filter((step) => step !== alone && !isTentative(step) && !mayStopBeside(alone, step));
      if (alone && besides.length > 0) return planText([batch]);
      const subjects = batch.map(subjectOf);
      if (new Set(subjects).size < subjects.length) return planText([batch]);
    }
    return undefined;
  },

  'only what this deployment made is deleted': ({ observed, plan }) =>
    first(plan.flat(), (step) => step.kind === 'delete-database' && isProtected(observed, step.databaseId)),

  'the new build learns of an original only after the rollback point': ({ observed, plan }) => {
    const originals = observed.databases.map((pair) => pair.name);
    let isBegun = observed.record?.deployBegun !== undefined;
    return first(plan.flat(), (step) => {
      if (step.kind === 'record' && step.fields.deployBegun !== undefined) isBegun = true;
      if (step.kind !== 'write-settings') return false;
      if (parseMarker(step.settings.appSettings.ZDD_INSTANCE)?.role === 'live') return false;
      return names(step.settings, originals) && (!isBegun || observed.record?.rollbackPoint === undefined);
    });
  },

  'what has let anything in to an original is told as long as it matters': ({ observed, plan, phase }) => {
    const { record, stagingSlot } = observed;
    if (phase !== 'deploy' || record === null) return undefined;
    let now = record;
    const isArmed = (stagingSlot?.marker?.attempt ?? 0) > 0;
    return first(plan.flat(), (step) => {
      if (step.kind === 'record') now = { ...now, ...step.fields };
      if (now.deployBegun !== nothingLetIn(now.attempt)) return false;
      if (step.kind !== 'write-settings') return step.kind === 'migrate';
      const marker = parseMarker(step.settings.appSettings.ZDD_INSTANCE);
      return isArmed && marker?.role === 'new' && marker.attempt === 0;
    });
  },

  'an original takes writes again only for a build whose turn has come': ({ observed, plan }) => {
    const { record } = observed;
    let isAllowed =
      record?.deployBegun !== undefined || record?.rollbackUnderWay !== undefined || record?.candidate?.role === 'live';
    let hasPoint = record?.rollbackPoint !== undefined;
    const isUndoing = plan.flat().some((step) => step.kind === 'intend-swap' && step.purpose === 'undo');
    return first(plan.flat(), (step) => {
      if (step.kind === 'record' && (step.fields.deployBegun || step.fields.rollbackUnderWay)) isAllowed = true;
      if (step.kind === 'record' && 'rollbackPoint' in step.fields) hasPoint = step.fields.rollbackPoint !== undefined;
      // What the live build writes from there lies before the next point.
      return step.kind === 'set-read-write' && !isAllowed && !(isUndoing && !hasPoint);
    });
  },

  'the rollback point is taken after quiet, and another one only when the first is void': ({ observed, plan }) => {
    const kinds = plan.flat().map((step) => step.kind);
    const point = kinds.indexOf('take-rollback-point');
    if (point < 0) return undefined;
    const quiet = kinds.indexOf('await-quiet');
    const isQuiet = isDone(observed, 'await-quiet') || (quiet >= 0 && quiet < point);
    const isVoid = plan.flat().some((step) => step.kind === 'record' && 'rollbackPoint' in step.fields);
    const isFirst = observed.record?.rollbackPoint === undefined || isVoid;
    return isFirst && isQuiet ? undefined : planText(plan);
  },

  'databases are restored and renamed only in a rollback that is recorded': ({ observed, plan }) => {
    let scope = observed.record?.rollbackUnderWay?.scope;
    return first(plan.flat(), (step) => {
      if (step.kind === 'record' && step.fields.rollbackUnderWay) scope = step.fields.rollbackUnderWay.scope;
      return (step.kind === 'move-database' || step.kind === 'restore-database') && scope !== 'code-and-database';
    });
  },

  'while databases change hands nothing but that rollback ends green, or goes on': ({ phase, observed, plan }) => {
    const { record } = observed;
    const isMoving = record?.rollbackUnderWay?.databases === 'moving' && !isUnmoved(observed);
    if (!isMoving || record.intent !== undefined || phase === 'rollback' || !traitsOf[phase].changes) return undefined;
    return `${phase} is not refused:\n${planText(plan)}`;
  },

  'whoever writes after the rollback point is known to do so': ({ observed, plan }) => {
    const { record } = observed;
    let isKnown = record?.visitorsOnOriginalSince !== undefined || record?.rollbackPoint === undefined;
    return first(plan.flat(), (step) => {
      if ((step.kind === 'record' || step.kind === 'intend-swap') && step.fields.visitorsOnOriginalSince)
        isKnown = true;
      const arriving = step.kind === 'post-swap' ? slotNamed(observed, step.source)?.marker : undefined;
      return (arriving?.role === 'new' || arriving?.role === 'live') && !isKnown;
    });
  },

  'live build and new build are never started beside one another': ({ observed, plan }) =>
    first(plan[0] ?? [], (step) => {
      if (step.kind !== 'start-slot') return false;
      const starting = slotNamed(observed, step.slot);
      const others = slots(observed).filter((slot) => slot !== starting);
      return (
        isWriter(observed, starting) && others.some((slot) => slot.state === 'Running' && isWriter(observed, slot))
      );
    }),
};

/** What must hold of every picture on the way, killed runs included. */
const pictureLaws: Readonly<Record<string, (picture: Picture) => string | undefined>> = {
  'visitors are served by a prepared instance': ({ production }) =>
    production.state !== 'Running' || production.marker?.attempt === 0 || noConnection(production)
      ? `production is ${production.state} and shows "${production.markerText}"`
      : undefined,

  'visitors are never served by a build whose WebJobs were stopped and not started again': ({ jobsOff, production }) =>
    jobsOff.includes('production') ? `production shows "${production.markerText}"` : undefined,

  'nobody writes to an original while it is renamed': ({ databases, slots, jobsOff }) => {
    const names = new Set(databases.map(({ database }) => database.name));
    const isAway = databases.some(({ database: { name } }) => !names.has(name.split('-zdd-')[0] ?? ''));
    const live = slots['zdd-readonly'];
    const isQuiet = live?.state === 'Stopped' && jobsOff.includes(live.name);
    return isAway && !isQuiet ? `the live build is ${live?.state}, WebJobs stopped: ${jobsOff}` : undefined;
  },

  'the database that serves visitors exists': ({ production, databases }) => {
    const present = new Set(databases.map(({ database }) => database.name));
    return databasesOf(production).find((name) => !present.has(name));
  },

  'an original is never gone': ({ databases }) => {
    const ids = databases.map(({ database }) => database.databaseId);
    return ids.some((id) => id.startsWith('id-of-') && !id.includes('-zdd-')) ? undefined : 'no original is left';
  },

  'the read-only copy cannot write to an original': ({ production, slots }) =>
    [production, ...Object.values(slots)].find(
      (slot) =>
        slot.marker?.role === 'read-only' && databasesOf(slot).some((name) => parseName(name)?.kind !== 'clone'),
    )?.name,
};

const WRITES_SLOTS: ReadonlySet<StepKind> = new Set([
  ...(['create-slot', 'tag-slot', 'match-config', 'stop-slot', 'start-slot', 'stop-webjobs'] as const),
  ...(['start-webjobs', 'write-settings', 'copy-build', 'upload-build', 'empty-slot'] as const),
]);

const ALONE: ReadonlySet<StepKind> = new Set([
  ...(['record', 'hold-lock', 'intend-swap', 'post-swap', 'settle-swap', 'watch-production'] as const),
  ...(['await-quiet', 'take-rollback-point', 'migrate', 'check-candidate'] as const),
]);

/** It only looks, and what it sees holds back nothing. */
function isTentative(step: Step): boolean {
  return step.kind === 'watch-production' && step.tentative === true;
}

function first(steps: readonly Step[], isWrong: (step: Step, index: number) => boolean): string | undefined {
  const found = steps.find(isWrong);
  return found && planText([[found]]);
}

/** A WebJob in a database keeps it from becoming READ_ONLY, and none can write from then on: it may stop while that is tried. */
function mayStopBeside(alone: Step | undefined, step: Step): boolean {
  return alone?.kind === 'await-quiet' && alone.setReadOnly && step.kind === 'stop-webjobs';
}

/** What the step works on: two steps of one batch never share it. */
function subjectOf(step: Step): string {
  if (step.kind === 'copy-retention' || step.kind === 'move-database') return step.from;
  if ('slot' in step) return step.slot;
  if ('clone' in step) return step.clone;
  if ('target' in step) return step.target;
  return 'database' in step ? step.database : step.kind;
}

function isProtected(observed: Observed, databaseId: string): boolean {
  return observed.databases.some(
    (pair) =>
      pair.sourceId === databaseId ||
      pair.successorId === databaseId ||
      pair.source?.databaseId === databaseId ||
      pair.underName?.databaseId === databaseId ||
      pair.setAside.some((each) => each.databaseId === databaseId),
  );
}

function names(settings: Pick<Slot, 'appSettings' | 'connectionStrings'>, databases: readonly string[]): boolean {
  return databasesOf(settings).some((name) => databases.includes(name));
}

function databasesOf({ appSettings, connectionStrings }: Pick<Slot, 'appSettings' | 'connectionStrings'>): string[] {
  const values = [...Object.values(appSettings), ...Object.values(connectionStrings).map(({ value }) => value)];
  return values.flatMap((value) => /;Database=([^;]*)/.exec(value)?.[1] ?? []);
}

function noConnection(slot: Slot): boolean {
  return databasesOf(slot).length === 0;
}

/** Live build or new build, able to reach an original. */
function isWriter(observed: Observed, slot: Slot | null | undefined): boolean {
  if (!slot || slot.marker?.role === 'read-only') return false;
  return names(
    slot,
    observed.databases.map((pair) => pair.name),
  );
}
