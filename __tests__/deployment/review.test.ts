import { expect, test } from '@jest/globals';
import { isAlike, newlyFails, type PageSeen } from '../../src/deployment/review.ts';

const page = (status: number | undefined, title = 'Shop'): PageSeen => ({ url: '/', status, ms: 5, bytes: 10, title });
const pair = (production: PageSeen, candidate: PageSeen) => ({ host: 'shop.net', path: '/', production, candidate });

test('a page fails newly when production answers it well and the candidate does not', () => {
  const ways = [200, 302, 400, 404, 500, undefined].flatMap((one) =>
    [200, 404, undefined].map((other) => [one, other, newlyFails(pair(page(one), page(other)))] as const),
  );
  expect(ways.filter(([, , fails]) => fails).map(([one, other]) => [one, other])).toEqual([
    [200, 404],
    [200, undefined],
    [302, 404],
    [302, undefined],
  ]);
});

test('pages are alike by status and title, whatever their size and time', () => {
  expect(isAlike(pair(page(200), { ...page(200), ms: 900, bytes: 7 }))).toBe(true);
  expect(isAlike(pair(page(200), page(404)))).toBe(false);
  expect(isAlike(pair(page(200), page(200, 'Error')))).toBe(false);
});
