import { isSecretSetting } from '../azure/secrets.ts';
import { parseConnectionString } from '../connection-strings/connection-strings.ts';
import { isUnchanged } from '../deployment/placeholders.ts';
import { headers, keyValues } from './lists.ts';
import { withoutApps } from './per-app.ts';
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
    ...signed(inputText(environment, 'package')),
    ...(inputText(environment, 'other-apps') ?? '')
      .split('\n')
      .flatMap((line) => signed(line.slice(line.indexOf('=') + 1).trim())),
    ...(sqlAccess === undefined || sqlAccess === 'token' ? [] : [sqlAccess, ...passwordIn(sqlAccess)]),
    inputText(environment, 'hook-secret'),
    ...hookSecrets(inputText(environment, 'hooks') ?? ''),
    environment.AZURE_CLIENT_SECRET,
    environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN,
    environment.SYSTEM_ACCESSTOKEN,
    environment.IDENTITY_HEADER,
    ...valuesOf(() => headers(inputText(environment, 'probe-headers') ?? ''), isSecretHeader),
    ...(['setup-env', 'copy-env', 'migrate-env', 'after-start-env', 'hook-env'] as const).flatMap((name) =>
      valuesOf(
        () => keyValues(inputText(environment, name) ?? ''),
        () => true,
      ),
    ),
    ...(['readonly-settings', 'clone-connection-settings', 'app-settings'] as const).flatMap((name) =>
      // Line by line: apps may have settings of the same name, and what is wrong with one line hides no other.
      withoutApps(inputText(environment, name) ?? '')
        .split('\n')
        .flatMap((line) => valuesOf(() => keyValues(line), isSecretInput)),
    ),
  ];
  return [...new Set(found.filter((value): value is string => value !== undefined && value !== ''))];
}

/** `{{unchanged}}` says something of a setting, and is none of its values. */
function isSecretInput(name: string, value: string): boolean {
  return !isUnchanged(value) && isSecretSetting(name, value);
}

/** What every request carries is no secret, and often the address of the app, which is an output. */
function isSecretHeader(header: string): boolean {
  return !/^(accept(-.*)?|cache-control|content-type|host|origin|referer|user-agent|x-forwarded-(for|host|proto))$/i.test(
    header,
  );
}

/** Lines that are wrong are complained about later, by the reader of the input. */
function valuesOf(
  read: () => readonly { readonly name: string; readonly value: string }[],
  wanted: (name: string, value: string) => boolean,
): readonly string[] {
  try {
    return read().flatMap(({ name, value }) => (wanted(name, value) ? [value, ...passwordIn(value)] : []));
  } catch {
    return [];
  }
}

/** The URL of a webhook lets everybody write there who knows it, whole or without its host. A short path is a word like others. */
function hookSecrets(text: string): readonly string[] {
  const urls = text.match(/https?:\S+/gi) ?? [];
  return urls.flatMap((url) => {
    if (!URL.canParse(url)) return [url];
    const { pathname, search, href } = new URL(url);
    return [url, href, ...[`${pathname}${search}`, pathname, search.slice(1)].filter((part) => part.length >= 12)];
  });
}

/** The URL of a package with a signature or a password, which lets in everybody who knows it. */
function signed(text: string | undefined): readonly (string | undefined)[] {
  if (text === undefined || !/^https?:/i.test(text) || !URL.canParse(text)) return [];
  const { searchParams, search, password } = new URL(text);
  if (search === '' && password === '') return [];
  return [text, search.slice(1), searchParams.get('sig') ?? undefined, password, unescaped(password)];
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function passwordIn(text: string): readonly string[] {
  const password = (parseConnectionString(text) ?? parseConnectionString(`Server=login.only;${text}`))?.password;
  return password ? [password] : [];
}
