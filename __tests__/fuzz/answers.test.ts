import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plain } from '../../src/settings/plain.ts';
import { failureText } from '../../src/summary/failure.ts';
import { outputsOf } from '../../src/summary/outputs.ts';
import { summaryOf } from '../../src/summary/summary.ts';
import { begin } from '../in-process/trial.ts';
import { hostileBody, hostileText } from './hostile.ts';

const PHASES = ['preflight', 'clone', 'read-only', 'switch', 'deploy', 'validate', 'complete', 'status', 'cleanup'];

/** The requests whose answers are replaced by one of somebody who means harm, or is broken. */
const places = fc.record({
  every: fc.integer({ min: 3, max: 60 }),
  from: fc.nat(40),
  status: fc.constantFrom(200, 200, 200, 201, 202, 204, 304, 400, 403, 404, 409, 429, 500, 503),
  body: hostileBody,
  headers: fc.dictionary(
    fc.constantFrom(
      'location',
      'date',
      'retry-after',
      'azure-asyncoperation',
      'scm-deployment-id',
      'x-ms-request-id',
      'etag',
    ),
    hostileText,
    { maxKeys: 3 },
  ),
});

test('whatever Azure and the app answer, a run ends, and says how in sentences', async () => {
  await fc.assert(
    fc.asyncProperty(places, async ({ every, from, status, body, headers }) => {
      let count = 0;
      const trial = begin(
        {},
        {
          around: (ports) => ({
            ...ports,
            send: async (request, signal) =>
              ++count >= from && count % every === 0 ? { status, headers, body } : ports.send(request, signal),
          }),
        },
      );
      for (const phase of PHASES) {
        const report = await trial.run(phase);
        expect(summaryOf(report)).toMatch(/^## /);
        expect(summaryOf(report)).not.toContain('[object Object]');
        if (report.failure)
          for (const said of failureText(report.headline, report.failure).split('\n')) expect(plain(said)).toBe(said);
        for (const output of Object.values(report.result ? outputsOf(report.result) : {})) expect(output).not.toBe('');
        if (report.failure) break;
      }
    }),
    { numRuns: 25, timeout: 20_000 },
  );
}, 60_000);
