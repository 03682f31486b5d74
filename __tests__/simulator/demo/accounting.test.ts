import { expect, test } from '@jest/globals';
import { accountFor } from '../../../simulator/demo/accounting.ts';
import type { Visit } from '../../../simulator/demo/visit.ts';

const LIVE = { instance: 'a', version: '1.0.0', database: 'shop', marker: '' };

function read(at: number, more: Partial<Visit> = {}): Visit {
  return { kind: 'read', path: '/', at, ms: 10, status: 200, ...LIVE, ...more };
}

function write(id: string, more: Partial<Visit> = {}): Visit {
  return { kind: 'write', path: '/orders', id, at: 0, ms: 10, status: 201, ...LIVE, ...more };
}

test('an accepted write that the database does not have must be counted as lost, and named', () => {
  const account = accountFor([write('kept'), write('gone')], new Set(['kept']), 0, 10);
  expect(account.writes).toEqual({ accepted: 2, refused: 0, lost: 1 });
  expect(account.lostWrites.map((visit) => visit.id)).toEqual(['gone']);
});

test('a refusal by the shop must not count as a failure, a 503 of anyone else must', () => {
  const refused = write('one', { status: 503, refusedBy: 'application' });
  const nobody = write('two', { status: 503, instance: '', version: '', database: '' });
  const account = accountFor([refused, nobody], new Set(), 0, 10);
  expect(account.writes).toEqual({ accepted: 0, refused: 1, lost: 0 });
  expect(account.traffic.failed).toBe(1);
});

test('the longest gap must run from one successful read to the next, whatever failed in between', () => {
  const visits = [read(0), read(100), read(500, { status: 503 }), read(900, { error: 'reset', status: 0 }), read(1300)];
  const { traffic } = accountFor(visits, new Set(), 0, 1310);
  expect(traffic.longestGapMs).toBe(1200);
  expect(traffic.failed).toBe(2);
});

test('a read that takes long must make a gap, and so must silence at the end', () => {
  expect(accountFor([read(0), read(10, { ms: 2000 })], new Set(), 0, 2010).traffic.longestGapMs).toBe(2000);
  expect(accountFor([read(0)], new Set(), 0, 3010).traffic.longestGapMs).toBe(3000);
});

test('requests must be counted by the part that the instance plays in the deployment', () => {
  const visits = [
    read(0),
    read(1, { marker: '20260101-abcde/read-only/1' }),
    read(2, { marker: '20260101-abcde/new/1', version: '2.0.0' }),
    read(3, { instance: '', version: '', status: 502 }),
  ];
  expect(accountFor(visits, new Set(), 0, 10).servedBy).toEqual({
    'live build 1.0.0': 1,
    'read-only copy 1.0.0': 1,
    'new build 2.0.0': 1,
    nobody: 1,
  });
});

test('quantiles must be those of successful reads', () => {
  const visits = Array.from({ length: 100 }, (_, at) => read(at, { ms: at + 1 }));
  const { p50Ms, p99Ms } = accountFor([...visits, read(0, { ms: 9999, status: 500 })], new Set(), 0, 200).traffic;
  expect([p50Ms, p99Ms]).toEqual([50, 99]);
});
