import { expect, test } from '@jest/globals';
import { ask, complaint, complaintAbout, complaintOfAll, wrongIn } from '../../src/context/probing.ts';
import { wrongWith } from '../../src/context/visitor-paths.ts';
import type { HttpResponse } from '../../src/ports.ts';
import type { Shown } from '../../src/settings/probes.ts';
import { stage } from '../apply/scene.ts';
import { settings } from '../phases/observed.ts';

type Answer = number | 'broken' | HttpResponse;

/** What is said of a path whose answers come in this order, and how often it was asked. */
async function asked(path: string, ...answers: readonly Answer[]) {
  const { scene, answering } = await stage({ 'health-path': '/health', 'smoke-paths': '/shop\n/cart' });
  const left = [...answers];
  answering(() => {
    const next = left.shift() ?? 'broken';
    if (next === 'broken') throw new Error('read ECONNRESET');
    return typeof next === 'number' ? answer(next) : next;
  });
  return { said: await complaint(scene(), 'shop.net', path), times: answers.length - left.length };
}

function answer(status: number, headers: Record<string, string> = {}): HttpResponse {
  return { status, headers, body: new TextEncoder().encode('…') };
}

test('one bad moment is asked once more before it counts, a plain refusal counts at once', async () => {
  expect(await asked('/health', 'broken', 200)).toEqual({ said: undefined, times: 2 });
  expect(await asked('/health', 503, 200)).toEqual({ said: undefined, times: 2 });
  expect(await asked('/health', 500, 500)).toEqual({ said: 'answered 500', times: 2 });
  expect(await asked('/health', 'broken', 'broken')).toEqual({
    said: expect.stringMatching(/^got no answer \(.*ECONNRESET/),
    times: 2,
  });
  expect(await asked('/health', 404, 200)).toEqual({ said: 'answered 404', times: 1 });
  expect(await asked('/health', 200)).toEqual({ said: undefined, times: 1 });
});

test('health is exactly 200, any other path may answer what means success', async () => {
  expect((await asked('/health', 204)).said).toBe('answered 204');
  expect((await asked('/shop', 204)).said).toBeUndefined();
  expect((await asked('/shop', 302)).said).toBe('answered 302');
});

test('the first path that is wrong is named with what is wrong', async () => {
  const { scene, answering } = await stage({ 'health-path': '/health', 'smoke-paths': '/shop\n/cart' });
  answering(({ url }) => answer(new URL(url).pathname === '/health' ? 200 : 404));
  expect(await complaintOfAll(scene(), 'shop.net')).toBe('GET /shop answered 404');
  answering(() => answer(200));
  expect(await complaintOfAll(scene(), 'shop.net')).toBeUndefined();
});

test('of one request status and place must be as expected, whether the place is told whole or as a path', async () => {
  const { scene, answering } = await stage();
  const said = async (given: HttpResponse | 'broken', expected: { status: number; location?: string }) => {
    answering(() => {
      if (given === 'broken') throw new Error('read ECONNRESET');
      return given;
    });
    return complaintAbout(scene(), 'shop.net', { method: 'POST', path: '/order', ...expected });
  };
  expect(await said(answer(503), { status: 503 })).toBeUndefined();
  expect(await said(answer(200), { status: 503 })).toBe('POST /order answered 200 instead of 503');
  expect(await said('broken', { status: 503 })).toMatch(/^POST \/order got no answer \(.*ECONNRESET/);
  const closed = { status: 302, location: '/closed' };
  expect(await said(answer(302, { location: '/closed' }), closed)).toBeUndefined();
  expect(await said(answer(302, { location: 'https://shop.net/closed' }), closed)).toBeUndefined();
  expect(await said(answer(302, { location: '/login' }), closed)).toBe(
    'POST /order leads to "/login" instead of "/closed"',
  );
  expect(await said(answer(302), closed)).toBe('POST /order leads to "" instead of "/closed"');
});

test('what the user wants to be sent along goes with each request', async () => {
  const { scene, answering } = await stage({ 'probe-headers': 'X-Key: secret-1' });
  const seen: Readonly<Record<string, string>>[] = [];
  answering(({ headers }) => {
    seen.push(headers ?? {});
    return answer(200);
  });
  await ask(scene(), 'shop.net', '/');
  expect(seen).toEqual([expect.objectContaining({ 'X-Key': 'secret-1' })]);
});

test('a request is sent as it is asked for, and waited for as long as is said', async () => {
  const { scene, answering } = await stage();
  const seen: unknown[] = [];
  answering(({ method, url, timeoutMs }) => {
    seen.push([method, url, timeoutMs]);
    return answer(404);
  });
  await ask(scene(), 'shop.net', '/order', 'POST', 5000);
  await complaint(scene(), 'shop.net', '/shop', 7000);
  await complaint(scene(), 'shop.net', '/shop');
  expect(seen).toEqual([
    ['POST', 'https://shop.net/order', 5000],
    ['GET', 'https://shop.net/shop', 7000],
    ['GET', 'https://shop.net/shop', 30_000],
  ]);
});

test('what a page shows is told as people count, and what it does not show is named', () => {
  const form = '<form method="post"><button>a</button></form>';
  expect(wrongIn('forms-disabled', { text: form })).toBe('shows a form, and 1 can be sent');
  expect(wrongIn('forms-disabled', { text: form + form })).toBe('shows 2 forms, and 2 can be sent');
  expect(wrongIn({ contains: 'Closed' }, { text: 'Open' })).toBe('does not show "Closed"');
  expect(wrongIn({ contains: 'Closed' }, { text: 'Closed' })).toBeUndefined();
});

test('an absolute place may be expected whole', async () => {
  const { scene, answering } = await stage();
  const location = 'https://login.example/start';
  answering(() => answer(302, { location }));
  const expected = { method: 'GET', path: '/', status: 302, location } as const;
  expect(await complaintAbout(scene(), 'shop.net', expected)).toBeUndefined();
});

test('a runner that App Service keeps out is told so, and not that the app is unhealthy', async () => {
  const kept = { status: 403, headers: { 'x-ms-forbidden-ip': '203.0.113.7' }, text: '', ms: 1 };
  const known = settings({ 'health-path': '/health' });
  expect(wrongWith(known, '/shop', kept)).toMatch(/^answered 403: App Service keeps this runner out/);
  expect(wrongWith(known, '/shop', { ...kept, headers: {} })).toBe('answered 403');
  const answered = (status: number) => wrongWith(known, '/shop', { ...kept, status, headers: {} });
  expect([199, 200, 299, 300].map(answered)).toEqual(['answered 199', undefined, undefined, 'answered 300']);
});

test('what a page lacks, and its forms, are not told by its beginning alone', async () => {
  const { scene, answering } = await stage();
  const said = async (shows: Shown, isCut?: true) => {
    answering(() => ({ ...answer(200), ...(isCut ? { isCut } : {}) }));
    return complaintAbout(scene(), 'shop.net', { method: 'GET', path: '/', status: 200, shows });
  };
  const cut = 'GET / is longer than what is looked at (1 MiB, or 2 s after it began)';
  expect(await said({ lacks: 'Order now' })).toBeUndefined();
  expect(await said({ lacks: 'Order now' }, true)).toBe(cut);
  expect(await said({ lacks: '…' }, true)).toBe('GET / shows "…"');
  expect(await said('forms-disabled')).toBeUndefined();
  expect(await said('forms-disabled', true)).toBe(cut);
  expect(await said({ contains: '…' }, true)).toBeUndefined();
  expect(await said({ contains: 'Closed' }, true)).toBe(cut);
});
