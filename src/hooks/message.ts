import { nextPhases } from '../deployment/next-phases.ts';
import type { Observed } from '../deployment/observed.ts';
import { windowOpen } from '../deployment/stage.ts';
import { type State, stateOf } from '../deployment/state.ts';
import type { HookEvent } from '../settings/hooks.ts';
import type { PhaseName } from '../settings/phases.ts';
import { plain } from '../settings/plain.ts';
import type { Settings } from '../settings/settings.ts';
import { failureOf } from '../summary/failure.ts';
import { linksOf } from '../summary/links.ts';
import { resultOf } from '../summary/run-result.ts';

/** What is told of one event: docs/hooks.md. What is not known is left out. */
export interface Message {
  readonly version: 1;
  /** The same of the same event, however often it is told. */
  readonly id: string;
  readonly event: HookEvent;
  /** When it was told first: ISO 8601, UTC. */
  readonly at: string;
  readonly app: string;
  readonly resourceGroup: string;
  readonly phase?: PhaseName;
  readonly outcome?: Came['outcome'];
  readonly seconds?: number;
  readonly deploymentId?: string;
  readonly state?: State;
  readonly nextPhases?: readonly PhaseName[];
  readonly headline?: string;
  readonly mode?: Settings['mode'];
  readonly readOnlySeconds?: number;
  readonly productionUrl?: string;
  readonly validationUrl?: string;
  readonly failure?: { readonly happened: string; readonly next: string };
  readonly run: {
    readonly repository: string;
    readonly id: string;
    readonly attempt: number;
    readonly actor: string;
    readonly url?: string;
  };
}

/** What came of a phase, as far as it is told. */
export interface Came {
  readonly phase: PhaseName;
  readonly outcome: 'done' | 'already' | 'planned' | 'failed';
  readonly tookMs: number;
  /** The first and the last look of the phase; undefined when there was none, or not enough was seen. */
  readonly first: Observed | undefined;
  readonly last: Observed | undefined;
  /** Who serves visitors now, in one line. */
  readonly headline: string;
  readonly error?: unknown;
}

export function beginning(settings: Settings, phase: PhaseName, at: string): Message {
  return message(settings, 'before', at, { phase });
}

/** What a run that failed outside its phases tells, such as at the sign-in. */
export function breakdown(settings: Settings, error: unknown, at: string): Message {
  return message(settings, 'failure', at, { failure: failureIn(error) });
}

/** That the phase has ended, and first what it has brought to visitors and editors. */
export function endings(settings: Settings, came: Came, at: string): readonly Message[] {
  const { phase, outcome, tookMs, last, headline, error } = came;
  const event = outcome === 'failed' ? 'failure' : 'after';
  const seen = last ? seenIn(last) : {};
  const failure = outcome === 'failed' ? { failure: failureIn(error) } : {};
  const window = windowEvent(came);
  return [
    ...(window
      ? [{ ...message(settings, window, at, { phase, headline, ...seen }), id: idOfWindow(window, last) }]
      : []),
    message(settings, event, at, {
      ...{ phase, outcome, seconds: Math.round(tookMs / 1000), headline },
      ...seen,
      ...failure,
    }),
  ];
}

/**
 * By what is so at the end, not by what this run has done: a run that was killed told nobody, and the next one finds everything done.
 * So it may be told more than once, under the same id.
 */
function windowEvent({ phase, first, last }: Came): 'window-opened' | 'window-closed' | undefined {
  if (last === undefined) return undefined;
  const wasOpen = first !== undefined && windowOpen(first);
  if (windowOpen(last)) return phase === 'switch' || (first && !wasOpen) ? 'window-opened' : undefined;
  const isCompleted = phase === 'complete' && last.record?.windowClosedAt !== undefined;
  return wasOpen || isCompleted ? 'window-closed' : undefined;
}

function idOfWindow(event: HookEvent, last: Observed | undefined): string {
  return idOf([last?.app.name, last?.deploymentId, event, last?.record?.windowOpenedAt]);
}

function seenIn(last: Observed): Partial<Message> {
  const { readOnlySeconds, productionUrl, validationUrl } = resultOf(last, false);
  return {
    ...(last.record ? { deploymentId: last.deploymentId, mode: last.record.mode } : {}),
    state: stateOf(last),
    nextPhases: nextPhases(last),
    ...(readOnlySeconds === undefined ? {} : { readOnlySeconds }),
    ...(productionUrl === undefined ? {} : { productionUrl }),
    ...(validationUrl === undefined ? {} : { validationUrl }),
  };
}

function failureIn(error: unknown): NonNullable<Message['failure']> {
  const { happened, next } = failureOf(error);
  return { happened, next };
}

/**
 * What is told, without the secrets that the run knows: in what people read and not in our own words, which receivers go by whatever else
 * is a secret; and before anything is cut, which would leave the beginning of one.
 */
export function withoutSecrets(message: Message, masked: (text: string) => string): Message {
  const { headline, failure, productionUrl, validationUrl, run } = message;
  const told = (text: string) => plain(masked(text));
  return {
    ...message,
    ...(headline === undefined ? {} : { headline: told(headline) }),
    ...(failure === undefined ? {} : { failure: { happened: told(failure.happened), next: told(failure.next) } }),
    ...(productionUrl === undefined ? {} : { productionUrl: told(productionUrl) }),
    ...(validationUrl === undefined ? {} : { validationUrl: told(validationUrl) }),
    run: { ...run, actor: told(run.actor) },
  };
}

function message(settings: Settings, event: HookEvent, at: string, told: Partial<Message>): Message {
  const { github, appName, resourceGroup } = settings;
  const { run: url } = linksOf(github);
  const { repository, runId, runAttempt, actor } = github;
  return {
    version: 1,
    id: idOf([repository, runId, String(runAttempt), told.phase, event, at]),
    event,
    at,
    app: appName,
    resourceGroup,
    ...told,
    run: { repository, id: runId, attempt: runAttempt, actor, ...(url === undefined ? {} : { url }) },
  };
}

/** Without dots, which part what is signed. */
function idOf(parts: readonly (string | undefined)[]): string {
  return `zdd-${parts.map((part) => (part ?? '').replaceAll(/[^A-Za-z0-9-]+/g, '_')).join('-')}`;
}
