import { appOfKey } from '../deployment/app-key.ts';
import { inKey } from '../settings/database-key.ts';

/** A request that changes something, or tries to, as a plan foresees it. */
export interface Call {
  readonly to: 'azure' | 'scm' | 'sql' | 'app';
  /** Method and resource, or the statement in words. */
  readonly call: string;
  readonly what: string;
  /** When it is sent at all, the end of a sentence; undefined for one that is needed in any case. */
  readonly onlyIf?: string | undefined;
}

/** One line, as people read it. */
export function callText({ to, call, what, onlyIf }: Call): string {
  const where = { azure: '', scm: 'SCM: ', sql: 'SQL: ', app: '' }[to];
  return `${where}${call} (${what}${onlyIf === undefined ? '' : `; only if ${onlyIf}`})`;
}

/** A request of Azure Resource Manager. */
export function azure(method: string, at: string, what: string, onlyIf?: string): Call {
  return { to: 'azure', call: `${method} ${at}`, what, onlyIf };
}

/** Tags of any resource. */
export function tags(at: string, what: string, onlyIf?: string): Call {
  return azure('PATCH', `${at}/providers/Microsoft.Resources/tags/default`, what, onlyIf);
}

/** A statement, in words. */
export function sql(call: string, what: string, onlyIf?: string): Call {
  return { to: 'sql', call, what, onlyIf };
}

export function databaseAt(key: string): string {
  return `…${serverIn(key)}/databases/${inKey(key).name}`;
}

/** Short, as long as there is one server. */
export function serverIn(key: string): string {
  const { server } = inKey(key);
  return server === undefined ? '' : `/servers/${server}`;
}

/** To the site beside an app or a slot through which files and jobs are managed. */
export function scm(
  method: string,
  slot: string,
  app: string | undefined,
  path: string,
  what: string,
  onlyIf?: string,
): Call {
  const of = app === undefined ? '' : `${appOfKey(app).name}/`;
  return { to: 'scm', call: `${method} ${path} of slot ${of}${slot}`, what, onlyIf };
}
