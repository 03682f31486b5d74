import type { ProbeResult } from '../azure/probe.ts';
import { ask, wrongIn } from '../context/probing.ts';
import type { Scene } from '../context/scene.ts';
import type { Check } from '../deployment/check.ts';
import { readOnlyProbesOf } from '../deployment/instance-settings.ts';
import type { AppLook } from '../deployment/observed.ts';
import type { ReadOnlyProbe } from '../settings/probes.ts';
import { passed, warning } from './verdicts.ts';

const NAME = 'read-only probes';

/** What production, which writes, answers to them today: only what it answers otherwise can show that a copy is read-only. */
export async function checkProbesToday(scene: Scene<AppLook>): Promise<readonly Check[]> {
  const { host } = scene.observed.production;
  return Promise.all(
    readOnlyProbesOf(scene.settings).map(async (expected) =>
      isHarmless(expected)
        ? today(expected, await ask(scene, host, expected.path, expected.method))
        : passed(NAME, `${text(expected)} on the copy. Production is not asked: it would write.`),
    ),
  );
}

/** What only reads. https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1 */
function isHarmless({ method }: ReadOnlyProbe): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Pure. */
function today(expected: ReadOnlyProbe, answer: ProbeResult): Check {
  const asked = `${expected.method} ${expected.path}`;
  if ('error' in answer) {
    return warning(NAME, `${asked} got no answer from production today (${answer.error}).`, 'Check read-only-probes.');
  }
  const to = answer.headers.location === undefined ? '' : ` to ${answer.headers.location}`;
  const found = `${asked} answers ${answer.status}${to} today, and must answer ${expected.status} on the copy.`;
  if (answer.status !== expected.status) return passed(NAME, found);
  if (expected.location !== undefined && answer.headers.location !== expected.location) return passed(NAME, found);
  const unshown = expected.shows && wrongIn(expected.shows, answer);
  if (unshown) return passed(NAME, `${asked} ${unshown} today, and the copy must show otherwise.`);
  return warning(
    NAME,
    `${asked} answers ${answer.status}${to} today already: it cannot show that the copy is read-only.`,
    'Name a request with read-only-probes that production answers otherwise.',
  );
}

function text({ method, path, status }: ReadOnlyProbe): string {
  return `${method} ${path} must answer ${status}`;
}
