import { expect, test } from '@jest/globals';
import { ask, complaint, complaintAbout, complaintOfAll } from '../../src/context/probing.ts';
import type { HttpResponse } from '../../src/ports.ts';
import type { Shown } from '../../src/settings/probes.ts';
import { stage } from '../apply/scene.ts';

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
