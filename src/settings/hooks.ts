import type { PhaseName } from './phases.ts';

/**
 * What of a run is told: that a phase begins, that it has kept its promise, that the run failed; and when visitors came to the
 * read-only copy and left it again.
 */
export const hookEvents = ['before', 'after', 'failure', 'window-opened', 'window-closed'] as const;
export type HookEvent = (typeof hookEvents)[number];

/** `json` is the message of docs/hooks.md; the others are what these services show people. */
export const hookForms = ['json', 'slack', 'teams'] as const;
export type HookForm = (typeof hookForms)[number];

/** `fail`: what cannot be told stops the run before the next phase. */
export const hookPolicies = ['warn', 'fail'] as const;
export type HookPolicy = (typeof hookPolicies)[number];

/** One event, of one phase or of all. */
export interface HookFilter {
  readonly event: HookEvent;
  readonly phase: PhaseName | undefined;
}

export interface Webhook {
  readonly form: HookForm;
  /** The whole address; what it holds is a secret. */
  readonly url: string;
  /** Empty: all of them. */
  readonly events: readonly HookFilter[];
}

export interface HookSettings {
  /** Input `hooks`, in its order. */
  readonly webhooks: readonly Webhook[];
  readonly command: string | undefined;
  /** Which events the command is run for. Empty: all of them. */
  readonly commandEvents: readonly HookFilter[];
  /** The key that signs `json`, as bytes. */
  readonly secret: Uint8Array | undefined;
  readonly policy: HookPolicy;
  /** Seconds that telling one event may take. */
  readonly timeout: number;
}

export function wants(filters: readonly HookFilter[], event: HookEvent, phase: PhaseName | undefined): boolean {
  return (
    filters.length === 0 ||
    filters.some((each) => each.event === event && (each.phase === undefined || each.phase === phase))
  );
}

export function isHookEvent(text: string): text is HookEvent {
  return hookEvents.some((event) => event === text);
}
