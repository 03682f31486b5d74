import { hasSettings, type SeenSlots } from '../deployment/partial-look.ts';
import type { VersionSource } from '../settings/probes.ts';
import { ask } from './probing.ts';
import type { Scene } from './scene.ts';

type Asking = Pick<Scene, 'context' | 'settings'>;

/** What an instance says of its version; undefined when it says nothing. */
export async function versionAt(
  scene: Asking,
  host: string,
  source: VersionSource,
  timeoutMs?: number,
): Promise<string | undefined> {
  const answer = await ask(scene, host, source.path, 'GET', timeoutMs);
  if ('error' in answer || answer.status >= 400) return undefined;
  if (source.kind === 'header') return answer.headers[source.header.toLowerCase()]?.trim();
  if (source.kind === 'body') return answer.text.trim();
  return jsonAt(answer.text, source.pointer);
}

/** The versions of the slots that run, by slot name, for people: what is no word or two, such as a page, is none. */
export async function versionsOf(scene: Asking, { production, readonlySlot, stagingSlot }: SeenSlots) {
  const running = [production, readonlySlot, stagingSlot].flatMap((slot) =>
    slot && slot.state === 'Running' && hasSettings(slot) ? [slot] : [],
  );
  const found = await Promise.all(
    running.map(async ({ name, host }) => {
      const version = await versionAt(scene, host, scene.settings.versionSource, PATIENCE_MS);
      return version && version.length <= LONGEST && !/[<\n]/.test(version) ? [[name, version] as const] : [];
    }),
  );
  return { versions: Object.fromEntries(found.flat()) };
}

const PATIENCE_MS = 10_000;
const LONGEST = 60;

/** The value at an RFC 6901 pointer, as text. */
function jsonAt(text: string, pointer: string): string | undefined {
  let at: unknown;
  try {
    at = JSON.parse(text);
  } catch {
    return undefined;
  }
  for (const part of pointer.split('/').slice(1)) {
    if (typeof at !== 'object' || at === null) return undefined;
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    at = Object.entries(at).find(([name]) => name === key)?.[1];
  }
  return at === undefined || at === null ? undefined : String(at);
}
