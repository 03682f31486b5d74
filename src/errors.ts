/** What Azure said, innermost first, as it helps a person and Azure's support. */
export interface AzureSaid {
  /** The innermost error code, such as `DatabaseNameInUse`. */
  readonly code: string;
  readonly message: string;
  /** `x-ms-request-id` or `x-ms-correlation-request-id`; empty when the answer had none. */
  readonly requestId: string;
  /** HTTP status, or 0 when no answer came. */
  readonly status: number;
}

export type StopKind =
  /** An input is missing, wrong or contradicts another. Nothing was done. */
  | 'bad-input'
  /** The phase may not run now; another one may. Nothing was changed. */
  | 'refused'
  /** The world is in a state that the design does not know. */
  | 'drifted'
  /** Something that had to work did not. Running the phase again is safe. */
  | 'failed';

/**
 * The one error of the action. Safety rule 12: every failure says what happened, what to do next,
 * what production is serving (added by `main` from a last look) and what Azure said.
 */
export class Stop extends Error {
  readonly kind: StopKind;
  /** What happened: one sentence, naming names. */
  readonly happened: string;
  /** What to do next: a sentence with the exact input, phase or command. */
  readonly next: string;
  readonly azure: AzureSaid | undefined;
  /** Nothing is wrong: it may do to look at everything once more. */
  readonly passes: boolean;

  constructor(
    kind: StopKind,
    happened: string,
    next: string,
    options: { readonly azure?: AzureSaid | undefined; readonly cause?: unknown; readonly passes?: boolean } = {},
  ) {
    super(`${happened} ${next}`, { cause: options.cause });
    this.name = 'Stop';
    this.kind = kind;
    this.happened = happened;
    this.next = next;
    this.azure = options.azure;
    this.passes = options.passes ?? false;
  }
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The runner cancels with `SIGINT`, then `SIGTERM`. Whatever was under way may have been carried out. */
export function cancelled(signal: 'SIGINT' | 'SIGTERM'): Stop {
  return new Stop(
    'failed',
    `The job was cancelled (${signal}).`,
    'Run the same phase again: it finds out how far this run came, and goes on from there.',
  );
}
