import { type ProbeResult, probe } from '../azure/probe.ts';
import { plain } from '../settings/plain.ts';
import type { ExpectedAnswer, Shown } from '../settings/probes.ts';
import { pageForms } from './page-forms.ts';
import type { Scene } from './scene.ts';
import { headersOf, pathsOf, wrongWith } from './visitor-paths.ts';

/** One request to a host of the app, with the user's probe headers. */
export function ask(
  scene: Pick<Scene, 'context' | 'settings'>,
  host: string,
  path: string,
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH' | 'DELETE' = 'GET',
  timeoutMs = 30_000,
): Promise<ProbeResult> {
  const { ports, signal } = scene.context;
  const headers = headersOf(scene.settings);
  return probe(ports.send, ports.clock, { url: `https://${host}${path}`, method, headers, timeoutMs }, signal);
}

/** What is wrong with a path that visitors use, as the end of a sentence about it; undefined when nothing is. */
export async function complaint(
  scene: Scene,
  host: string,
  path: string,
  timeoutMs?: number,
): Promise<string | undefined> {
  let answer = await ask(scene, host, path, 'GET', timeoutMs);
  // A connection that broke between runner and site, or one bad moment of it, says little: it is asked once more before it counts.
  if ('error' in answer || answer.status >= 500) answer = await ask(scene, host, path, 'GET', timeoutMs);
  return wrongWith(scene.settings, path, answer);
}

/** What is wrong with the answer to one request, as a sentence without its end; undefined when it is as expected. */
export async function complaintAbout(
  scene: Pick<Scene, 'context' | 'settings'>,
  host: string,
  expected: ExpectedAnswer,
): Promise<string | undefined> {
  const answer = await ask(scene, host, expected.path, expected.method);
  const asked = `${expected.method} ${expected.path}`;
  if ('error' in answer) return `${asked} got no answer (${answer.error})`;
  if (answer.status !== expected.status) return `${asked} answered ${answer.status} instead of ${expected.status}`;
  const unshown = expected.shows && wrongIn(expected.shows, answer);
  if (unshown) return `${asked} ${unshown}`;
  const location = answer.headers.location ?? '';
  if (expected.location === undefined || location === expected.location) return undefined;
  const path = URL.canParse(location) ? new URL(location).pathname : location;
  return path === expected.location ? undefined : `${asked} leads to "${location}" instead of "${expected.location}"`;
}

/** What is wrong with a page, as the end of a sentence about it; undefined when it shows what it must. */
export function wrongIn(shows: Shown, page: { readonly text: string; readonly isCut?: true }): string | undefined {
  // What is not there may stand in the rest of it.
  const unseen = page.isCut && 'is longer than what is looked at (1 MiB, or 2 s after it began)';
  if (shows === 'forms-disabled') {
    const { all, open } = pageForms(page.text);
    return open === 0 ? unseen : `shows ${all === 1 ? 'a form' : `${all} forms`}, and ${open} can be sent`;
  }
  if ('lacks' in shows) return page.text.includes(shows.lacks) ? `shows "${plain(shows.lacks)}"` : unseen;
  return page.text.includes(shows.contains) ? undefined : (unseen ?? `does not show "${plain(shows.contains)}"`);
}

/** The first complaint among health and smoke paths. */
export async function complaintOfAll(scene: Scene, host: string, timeoutMs?: number): Promise<string | undefined> {
  const complaints = await Promise.all(
    pathsOf(scene.settings).map(async (path) => ({ path, wrong: await complaint(scene, host, path, timeoutMs) })),
  );
  const first = complaints.find(({ wrong }) => wrong !== undefined);
  return first && `GET ${first.path} ${first.wrong}`;
}
