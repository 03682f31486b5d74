import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { begin, type Inputs, LIVE } from '../in-process/trial.ts';

const WORKFLOWS = resolve(import.meta.dirname, '../../.github/workflows');

/** What the step that runs `status` passes of these inputs and secrets of the workflow. */
function reported(file: string, given: Inputs): Inputs {
  const { jobs } = parse(readFileSync(resolve(WORKFLOWS, file), 'utf8'));
  const passed: Inputs = jobs.report.steps.find(({ id }: { id?: string }) => id === 'status').with;
  return Object.fromEntries(
    Object.entries(passed).flatMap(([name, value]) => {
      const [, named = ''] = /^\${{ (?:inputs|secrets)\.([\w-]+) }}$/.exec(value) ?? [];
      return given[named] === undefined ? [] : [[name, given[named]]];
    }),
  );
}

test.each(['zero-downtime.yml', 'zero-downtime-rollback.yml'])(
  'the report of %s is green where the first page leads elsewhere, and only the paths that were named answer as they must',
  async (file) => {
    const pages = { '/': { status: 302, text: '' }, '/en': { text: 'welcome' } };
    const trial = begin({ build: { ...LIVE, pages } });
    const asked: string[] = [];
    const watched = begin(
      {},
      {
        world: trial.world,
        clock: trial.clock,
        around: (ports) => ({
          ...ports,
          send(request, signal) {
            const { host, pathname } = new URL(request.url);
            const isFresh = request.headers?.connection === 'close';
            if (isFresh && host === 'web.azurewebsites.net') asked.push(`${pathname} ${request.headers?.['X-Office']}`);
            return ports.send(request, signal);
          },
        }),
      },
    );
    const { failure, headline } = await watched.run('status', {
      'health-path': '/',
      ...reported(file, {
        'health-path': '/health\n[admin] /editors',
        'smoke-paths': '/en',
        'other-apps': 'admin = read-only',
        ZDD_PROBE_HEADERS: 'X-Office: let me in',
      }),
    });
    expect(failure).toBeUndefined();
    expect(headline).not.toContain('NOT healthy');
    expect([...new Set(asked)].sort()).toEqual(['/en let me in', '/health let me in']);
  },
);
