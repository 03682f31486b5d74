import { expect, test } from '@jest/globals';
import { unsettledSwap } from '../../src/deployment/unsettled-swap.ts';
import { warmUpOf, warmUpSettings } from '../../src/deployment/warm-up.ts';
import { windowExceeded } from '../../src/deployment/window-limit.ts';
import { neverRestores, restoreByHand } from '../../src/deployment/without-restore.ts';
import { settings } from '../phases/observed.ts';
import { rows } from '../phases/rows.ts';
import { seen } from '../phases/seen.ts';

const { observed, record } = seen(rows.switched, 'status');
const AT = '2026-01-31T14:00:00.000Z';
const after = (seconds: number) => new Date(Date.parse(AT) + seconds * 1000).toISOString();

test('a swap that nobody has found out about is told with its age, and who finds out', () => {
  const intent = {
    number: 7,
    source: 'zdd-readonly',
    sourceMarker: '',
    productionMarker: '',
    swapStatusBefore: '',
    at: AT,
  };
  const of = (purpose: 'switch' | 'undo' | 'complete' | 'return') =>
    unsettledSwap({ record: { ...record, intent: { ...intent, purpose } }, now: after(90) });
  expect(of('switch')).toMatchObject({
    sinceMs: 90_000,
    happened: expect.stringMatching(/swap 7 of slot zdd-readonly .*14:00/),
  });
  const who = (['switch', 'undo', 'complete', 'return'] as const).map(
    (purpose) => /run "(.*?)"/.exec(of(purpose)?.next ?? '')?.[1],
  );
  expect(who).toEqual(['switch', 'switch', 'complete', 'rollback']);
  expect(unsettledSwap({ record, now: AT })).toBeUndefined();
  expect(unsettledSwap({ record: null, now: AT })).toBeUndefined();
});

test('a window is too long from the first whole minute beyond what is allowed, when it is open at all', () => {
  const limit = settings({ phase: 'status', 'max-read-only-minutes': '30' });
  const opened = { ...record, windowOpenedAt: AT };
  const said = (seconds: number, of: typeof record | null = opened, isOpen = true, given = limit) =>
    windowExceeded(given, { record: of, now: after(seconds) }, isOpen);
  expect(said(30 * 60 + 59)).toBeUndefined();
  expect(said(31 * 60)).toMatch(/for 31 minutes, longer than max-read-only-minutes \(30\)/);
  expect(said(31 * 60, { ...opened, actor: 'ada' })).toContain('ada began deployment');
  expect(said(31 * 60, { ...opened, actor: '' })).toContain('Somebody began deployment');
  expect([
    said(3600, opened, false),
    said(3600, null),
    said(3600, { ...record, windowOpenedAt: undefined }),
    said(3600, opened, true, settings({ phase: 'status' })),
  ]).toEqual([undefined, undefined, undefined, undefined]);
});

test('that nothing is ever restored says the record, and the input only before there is one', () => {
  const [never, restores] = [{ noDatabaseRollback: true }, { noDatabaseRollback: false }];
  const recorded = { ...observed, record: { ...record, noDatabaseRollback: 'yes' as const } };
  expect([neverRestores(restores, recorded), neverRestores(never, observed)]).toEqual([true, false]);
  expect([
    neverRestores(never, { ...observed, record: null }),
    neverRestores(restores, { ...observed, record: null }),
  ]).toEqual([true, false]);
});

test('who restores by hand is told the point, or where it has to stand', () => {
  const at = (rollbackPoint: string | undefined) =>
    restoreByHand({ ...observed, record: { ...record, rollbackPoint } });
  expect(at(AT)).toContain(`--name shop --dest-name shop-restored --time ${AT}`);
  expect(at(undefined)).toContain("--time '<the rollback point>'");
});

test('an instance is warm by what inputs say, else by what its owner has set, else also by a redirect to https', () => {
  const given = (inputs = {}, owner = {}, more: Parameters<typeof warmUpOf>[2] = []) =>
    warmUpOf(settings({ 'health-path': '/health', ...inputs }), owner, more);
  const owner = { Website_Swap_Warmup_Ping_Statuses: '200, 202', OTHER: '404' };
  expect(given()).toEqual({ path: '/health', statuses: [200, 301, 307, 308] });
  expect(given({}, owner).statuses).toEqual([200, 202]);
  expect(given({ 'warm-up-statuses': '204' }, owner).statuses).toEqual([200, 204]);
  const more = [
    { name: 'website_swap_warmup_ping_path', value: '/warm' },
    { name: 'WEBSITE_SWAP_WARMUP_PING_STATUSES', value: '418' },
  ];
  expect(given({}, owner, more)).toEqual({ path: '/warm', statuses: [418] });
  expect(warmUpSettings(settings({ 'health-path': '/health' }), owner)).toEqual([
    { name: 'WEBSITE_SWAP_WARMUP_PING_PATH', value: '/health' },
    { name: 'WEBSITE_SWAP_WARMUP_PING_STATUSES', value: '200,202' },
  ]);
});
