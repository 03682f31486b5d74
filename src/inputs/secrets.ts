import { parseConnectionString } from '../connection-strings/connection-strings.ts';
import { headers, keyValues } from './lists.ts';
import type { Environment } from './reader.ts';
import { inputText } from './reader.ts';

/**
 * Everything in the environment that must never be seen again: to be masked before anything else is done. What GitHub
 * holds as a secret is masked already; this covers what was made in the workflow, and parts of larger secrets.
 */
export function secretsOf(environment: Environment): readonly string[] {
  const sqlAccess = inputText(environment, 'sql-access');
  const found = [
    inputText(environment, 'github-token'),
    ...(sqlAccess === undefined || sqlAccess === 'token' ? [] : [sqlAccess, ...passwordIn(sqlAccess)]),
    environment.AZURE_CLIENT_SECRET,
    environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN,
    environment.IDENTITY_HEADER,
    ...valuesOf(() => headers(inputText(environment, 'probe-headers') ?? '')),
    ...(['readonly-settings', 'clone-connection-settings', 'app-settings'] as const).flatMap((name) =>
      valuesOf(() => keyValues(inputText(environment, name) ?? ''), looksSecret),
    ),
  ];
  return [...new Set(found.filter((value): value is string => value !== undefined && value.length >= SHORTEST))];
}

/** Masking a shorter value would blot out half of the log, and GitHub drops outputs that contain a masked value. */
const SHORTEST = 6;

/**
 * Values of settings are mostly no secrets (`true`, `ReadOnly`), and masking those would hide the words of our own log. Masked
 * are those whose name says so, and those that carry a password, a key or a signature.
 */
function looksSecret(name: string, value: string): boolean {
  if (/pass|pwd|secret|token|key|credential|connectionstring|sas$/i.test(name)) return true;
  return (
    passwordIn(value).length > 0 ||
    /(accountkey|sharedaccesskey|[?&]sig)=/i.test(value) ||
    /:\/\/[^/\s]*:[^/\s]*@/.test(value)
  );
}

/** Lines that are wrong are complained about later, by the reader of the input. */
function valuesOf(
  read: () => readonly { readonly name: string; readonly value: string }[],
  wanted: (name: string, value: string) => boolean = () => true,
): readonly string[] {
  try {
    return read().flatMap(({ name, value }) => (wanted(name, value) ? [value, ...passwordIn(value)] : []));
  } catch {
    return [];
  }
}

function passwordIn(text: string): readonly string[] {
  const password = (parseConnectionString(text) ?? parseConnectionString(`Server=login.only;${text}`))?.password;
  return password ? [password] : [];
}
