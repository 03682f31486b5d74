import { type AzureSaid, messageOf, Stop } from '../errors.ts';
import { SqlError } from '../ports.ts';
import { plain } from '../settings/plain.ts';
import { code, paragraphs, text } from './markdown.ts';

/** Three of the four things that every failure says (safety rule 12); the fourth, what production serves now, is the headline. */
export interface Failure {
  readonly kind: Stop['kind'] | 'unexpected';
  /** What happened. Several lines when several inputs are wrong. */
  readonly happened: string;
  readonly next: string;
  readonly azure: AzureSaid | undefined;
}

/** What an error says. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Stop) {
    return { kind: error.kind, happened: error.happened, next: error.next, azure: error.azure };
  }
  const message = messageOf(error);
  if (error instanceof SqlError) {
    const isLost = error.number === 0;
    return {
      kind: 'failed',
      happened: isLost ? `A connection to the SQL server was lost: ${message}` : `The SQL server refused: ${message}`,
      next: 'Run the same phase again: it looks at what is there and goes on.',
      azure: { code: `SQL ${error.number}`, message, requestId: '', status: 0 },
    };
  }
  return {
    kind: 'unexpected',
    happened: `Something that the action did not expect: ${message}`,
    next: 'Run the same phase again: it looks at what is there and goes on. If it fails in the same way, please report it with the log of a run with debug logging.',
    azure: undefined,
  };
}

/**
 * For the log and the annotation.
 * @param headline the state in one line: what whoever is woken by it needs to know first.
 */
export function failureText(headline: string, failure: Failure): string {
  return [
    headline,
    ...linesOf(failure),
    ...`What to do next: ${failure.next}`.split('\n'),
    ...(failure.azure ? [`Azure said: ${azureText(failure.azure)}`] : []),
  ]
    .map((line) => plain(line))
    .join('\n');
}

/** For the step summary: what happened, and what Azure said of it. */
export function failureMarkdown(failure: Failure): string {
  const happened = linesOf(failure);
  return paragraphs(
    happened.length > 1 ? happened.map((line) => `- ${text(line)}`).join('\n') : text(failure.happened),
    failure.azure &&
      `**Azure said:** ${text(failure.azure.message)} (${code(failure.azure.code)}${requestOf(failure.azure)})`,
  );
}

/** Wrong inputs stand one a line; in every other sentence a line break is somebody else's. */
function linesOf({ kind, happened }: Failure): readonly string[] {
  return kind === 'bad-input' ? happened.split('\n') : [happened];
}

/** The words of a heading. */
export function failureHeading(kind: Failure['kind'], changed: boolean): string {
  switch (kind) {
    case 'bad-input':
      return changed ? 'inputs are wrong' : 'inputs are wrong, nothing was done';
    case 'refused':
      return changed ? 'refused' : 'refused, nothing was changed';
    case 'drifted':
      return 'stopped: things are not as this action left them';
    default:
      return 'failed';
  }
}

function azureText(azure: AzureSaid): string {
  const status = azure.status ? `HTTP ${azure.status}, ` : '';
  const request = azure.requestId ? `, request id ${azure.requestId}` : '';
  return `${azure.message} (${status}${azure.code}${request})`;
}

function requestOf(azure: AzureSaid): string {
  const status = azure.status ? `, HTTP ${azure.status}` : '';
  return azure.requestId ? `${status}, request id ${code(azure.requestId)}` : status;
}
