import { type ProbeResult, probe } from '../azure/probe.ts';
import type { Scene } from './scene.ts';

/** One request to a host of the app, with the user's probe headers. */
export function ask(
  scene: Pick<Scene, 'context' | 'settings'>,
  host: string,
  path: string,
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH' | 'DELETE' = 'GET',
  timeoutMs = 30_000,
): Promise<ProbeResult> {
  const { ports, signal } = scene.context;
  const headers = Object.fromEntries(scene.settings.probeHeaders.map(({ name, value }) => [name, value]));
  return probe(ports.send, ports.clock, { url: `https://${host}${path}`, method, headers, timeoutMs }, signal);
}

/** What is wrong with the answer to a path that visitors use, as the end of a sentence about it; undefined when it is fine. Health means exactly 200. */
export async function complaint(
  scene: Scene,
  host: string,
  path: string,
  timeoutMs?: number,
): Promise<string | undefined> {
  let answer = await ask(scene, host, path, 'GET', timeoutMs);
  // A connection that broke between runner and site says little about the site: it is asked once more before it counts.
  if ('error' in answer) answer = await ask(scene, host, path, 'GET', timeoutMs);
  if ('error' in answer) return `got no answer (${answer.error})`;
  const fine = path === scene.settings.healthPath ? answer.status === 200 : answer.status >= 200 && answer.status < 300;
  return fine ? undefined : `answered ${answer.status}`;
}

/** The first complaint among health and smoke paths. */
export async function complaintOfAll(scene: Scene, host: string, timeoutMs?: number): Promise<string | undefined> {
  const paths = [scene.settings.healthPath, ...scene.settings.smokePaths];
  const complaints = await Promise.all(
    paths.map(async (path) => ({ path, wrong: await complaint(scene, host, path, timeoutMs) })),
  );
  const first = complaints.find(({ wrong }) => wrong !== undefined);
  return first && `GET ${first.path} ${first.wrong}`;
}
