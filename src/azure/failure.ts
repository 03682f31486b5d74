import { type AzureSaid, Stop } from '../errors.ts';
import type { HttpResponse } from '../ports.ts';
import { ACCESS_RESTRICTED, adviceFor } from './advice.ts';
import { NO_ANSWER } from './weather.ts';

/** How an error of the sign-in begins that says that nobody was refused. */
export const ENTRA_UNANSWERED = 'Microsoft Entra did not answer';

/** The error shapes of Azure Resource Manager, Microsoft.Sql, Microsoft.Web and Entra, as far as they carry sense. */
interface ErrorShape {
  readonly code?: unknown;
  readonly Code?: unknown;
  readonly message?: unknown;
  readonly Message?: unknown;
  readonly error?: unknown;
  readonly error_description?: unknown;
  readonly innererror?: unknown;
  readonly innerError?: unknown;
  readonly details?: unknown;
  readonly Details?: unknown;
  readonly ErrorEntity?: unknown;
  /** Of SCM: https://github.com/projectkudu/kudu/issues/3196 */
  readonly ExceptionMessage?: unknown;
  readonly InnerException?: unknown;
  readonly ExtendedCode?: unknown;
}

/**
 * What an answer that is not a success says: the innermost code and message that it carries.
 * Outer ones such as `MultipleErrorsOccurred` or `DeploymentFailed` help nobody.
 */
export function saidBy(response: HttpResponse): AzureSaid {
  const text = new TextDecoder().decode(response.body);
  const kept = keptOut({ ...response, text });
  return {
    ...innermost(parsed(text), { code: `HTTP ${response.status}`, message: plain(text) }),
    ...(kept !== undefined && {
      code: ACCESS_RESTRICTED,
      message: `access restrictions of App Service keep out address ${kept.address ?? '(not told)'}, from which this runner comes.`,
    }),
    requestId: response.headers['x-ms-request-id'] ?? response.headers['x-ms-correlation-request-id'] ?? '',
    status: response.status,
  };
}

/**
 * Whether access restrictions of App Service refused the caller, and its address where the answer tells it; SCM has answered
 * without: https://github.com/projectkudu/kudu/issues/2945
 */
export function keptOut({
  status,
  headers,
  text,
}: Pick<HttpResponse, 'status' | 'headers'> & { readonly text: string }): { readonly address?: string } | undefined {
  if (status !== 403) return undefined;
  const address = headers['x-ms-forbidden-ip'];
  if (address !== undefined) return { address };
  return /blocked your access|\bIp Forbidden\b/i.test(text) ? {} : undefined;
}

/** What Azure said when `error` is a refusal by Azure, otherwise `undefined`. */
export function azureSaid(error: unknown): AzureSaid | undefined {
  return error instanceof Stop ? error.azure : undefined;
}

/** True when no answer came: the request may or may not have been carried out. */
export function noAnswer(error: unknown): boolean {
  return azureSaid(error)?.code === NO_ANSWER;
}

/** The action that the identity was not granted, from Azure's 403; `undefined` when it was refused for another reason. */
export function deniedAction(said: AzureSaid | undefined): string | undefined {
  if (said?.status !== 403) return undefined;
  return /does not have authorization to perform action '([^']+)'/.exec(said.message)?.[1];
}

/** Makes the error of the action from what Azure said. `what` is a verb phrase: "read the settings of slot x". */
export function refusal(what: string, said: AzureSaid, cause?: unknown): Stop {
  const happened =
    said.status === 0
      ? `Could not ${what}: no answer came (${said.message}).`
      : `Could not ${what}: Azure answered ${said.status} ${said.code}: ${sentence(said.message)}`;
  return new Stop('failed', happened, adviceFor(said), { azure: said, cause });
}

function innermost(value: unknown, fallback: { code: string; message: string }): { code: string; message: string } {
  let found = fallback;
  let at: unknown = value;
  for (let depth = 0; depth < 20 && typeof at === 'object' && at !== null; depth++) {
    const shape: ErrorShape = at;
    found = {
      code: word(shape.code) ?? word(shape.Code) ?? (typeof shape.error === 'string' ? shape.error : found.code),
      message:
        word(shape.ExceptionMessage)?.trim() ??
        word(shape.message) ??
        word(shape.Message) ??
        word(shape.error_description) ??
        found.message,
    };
    at = inner(shape);
  }
  return found;
}

/** One level deeper: what wraps nothing more specific ends the walk. */
function inner(shape: ErrorShape): unknown {
  if (typeof shape.error === 'object' && shape.error !== null) return shape.error;
  if (typeof shape.InnerException === 'object' && shape.InnerException !== null) return shape.InnerException;
  const nested = shape.innererror ?? shape.innerError;
  if (carriesCode(nested)) return nested;
  for (const list of [shape.details, shape.Details]) {
    const detail = Array.isArray(list) ? list.find(carriesCode) : undefined;
    if (detail !== undefined && shape.Details === undefined) return detail;
  }
  return undefined;
}

function carriesCode(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('code' in value || 'Code' in value);
}

function word(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Text of an HTML or plain answer, shortened: front ends answer with whole pages. */
function plain(text: string): string {
  const words = text
    .slice(0, LONGEST_PAGE)
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return words === '' ? 'The answer was empty.' : words.slice(0, 300);
}

/** The expressions above look for an end from every beginning: of a whole page of them they would never come back. */
const LONGEST_PAGE = 4000;

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
