import { freshRun, type ThisRun } from '../deployment/this-run.ts';
import { changesSomething, type Step, type StepKind } from './steps.ts';

/** True when this run has done such a step, on this slot or database when it works on one, and nothing has made it void. */
export function isDone({ thisRun }: { readonly thisRun: ThisRun }, kind: StepKind, subject = ''): boolean {
  return thisRun.done.some((each) => each.kind === kind && each.subject === subject);
}

/** What a step that did its work adds to what the run knows. One that found out that it could not, or need not, adds nothing. */
export function done(step: Step): Pick<ThisRun, 'done'> {
  return { done: [{ kind: step.kind, subject: subjectOf(step) }] };
}

/** What the run knows after a step: what the step makes void is gone, then lists and tables grow, and facts are replaced. */
export function knownAfter(run: ThisRun, step: Step, news: Partial<ThisRun>): ThisRun {
  if (step.of === undefined) return ofOneApp(run, step, news);
  const known = ofOneApp(run.companions?.[step.of] ?? freshRun, step, news);
  const others = step.kind === 'post-swap' ? withoutPresence(run) : run;
  return { ...others, companions: { ...others.companions, [step.of]: known } };
}

/** A swap starts the live build of its app anew: for the copy of another app that newcomer in the originals means nothing. */
function withoutPresence({ presentBefore: _, companions = {}, ...run }: ThisRun): ThisRun {
  const others = Object.entries(companions).map(([key, { presentBefore: _, ...known }]) => [key, known] as const);
  return { ...run, companions: Object.fromEntries(others) };
}

function ofOneApp(run: ThisRun, step: Step, news: Partial<ThisRun>): ThisRun {
  const known = withoutVoid(run, step);
  return {
    ...known,
    ...news,
    done: [...known.done, ...(news.done ?? [])],
    proven: { ...known.proven, ...news.proven },
    started: { ...known.started, ...news.started },
    uploaded: { ...known.uploaded, ...news.uploaded },
    copies: { ...known.copies, ...news.copies },
    unproven: [...new Set([...known.unproven, ...(news.unproven ?? [])])],
    locked: { ...known.locked, ...news.locked },
    proofs: [...(known.proofs ?? []), ...(news.proofs ?? [])],
  };
}

/** Which steps have to be done again after one of this kind: those on the same slot or database, and those that work on all. */
const MAKES_VOID: Partial<Readonly<Record<StepKind, readonly StepKind[]>>> = {
  // Those that were kept out may be in again.
  'set-read-write': ['await-quiet'],
  // WebJobs whose SCM site was stopped with the app come back with it.
  'start-slot': ['stop-webjobs'],
  'start-webjobs': ['stop-webjobs'],
  'stop-webjobs': ['start-webjobs'],
};

function withoutVoid(run: ThisRun, step: Step): ThisRun {
  const kinds: readonly string[] = MAKES_VOID[step.kind] ?? [];
  const isVoid = (subject: string) => subject === '' || subject === subjectOf(step);
  const slot = changedSlot(step);
  return {
    ...run,
    done: run.done.filter(({ kind, subject }) => !(kinds.includes(kind) && isVoid(subject))),
    proven: without(run.proven, slot),
    started: without(run.started, slot),
  };
}

/** The slot whose instance may be another one after the step: what was proven of it says nothing any more. */
function changedSlot(step: Step): string | undefined {
  if (step.kind === 'post-swap') return step.source;
  if (step.kind === 'settle-swap') return step.intent.source;
  return 'slot' in step && changesSomething(step) ? step.slot : undefined;
}

function without<T>(table: Readonly<Record<string, T>>, name: string | undefined): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(table).filter(([each]) => each !== name));
}

function subjectOf(step: Step): string {
  if ('slot' in step) return step.slot;
  if ('app' in step) return step.app;
  if ('clone' in step) return step.clone;
  if ('target' in step) return step.target;
  if ('to' in step) return step.to;
  return 'database' in step ? step.database : '';
}
