import type { Understood } from './address.ts';
import { understandAdo } from './ado.ts';
import { otherEngine } from './other-engines.ts';
import { understandJdbc, understandUrl } from './url.ts';

/** `type` is what App Service calls the connection string. */
export function understand(text: string, type?: string): Understood | undefined {
  if (otherEngine(text, type) !== undefined) return undefined;
  const trimmed = text.trim();
  if (trimmed === '' || trimmed !== text) return trimmed === '' ? undefined : shifted(text, trimmed);
  return understandJdbc(text) ?? understandUrl(text) ?? understandAdo(text);
}

/** White space around the string is kept like everything else. */
function shifted(text: string, trimmed: string): Understood | undefined {
  const inner = understand(trimmed);
  const edit = inner?.withDatabase;
  return inner && { ...inner, withDatabase: edit && ((name) => text.replace(trimmed, () => edit(name))) };
}
