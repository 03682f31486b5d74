import { expect, test } from '@jest/globals';
import { answerOf, armRefusal } from '../../../simulator/model/arm/refusal.ts';
import { type Route, router } from '../../../simulator/model/arm/router.ts';
import { callerOn, SITE } from './web/caller.ts';

const told = (status: number) => () => ({ status });
const table: readonly Route<void>[] = [
  ['GET', 'Shop.Web/sites/{site}[/slots/{slot}]', told(1)],
  ['GET HEAD', 'files[/{path*}]', told(2)],
  ['POST', 'sites/{site}/config/web', told(3)],
];
const find = router(table);
const found = (method: string, path: string) => {
  const route = find(method, path);
  return route && { status: route.handler().status, names: { ...route.names } };
};

test.each([
  ['GET', 'shop.web/SITES/Web', { status: 1, names: { site: 'Web' } }],
  ['GET', 'Shop.Web/sites/a%20b/slots/two/', { status: 1, names: { site: 'a b', slot: 'two' } }],
  ['HEAD', 'files', { status: 2, names: {} }],
  ['GET', 'files/one/two', { status: 2, names: { path: 'one/two' } }],
])('%s %s is found, with the names as they were written', (method, path, wanted) => {
  expect(found(method, path)).toEqual(wanted);
});

test.each([
  ['PUT', 'Shop.Web/sites/web'],
  ['GET', 'Shop-Web/sites/web'],
  ['GET', 'Shop.Web/sites'],
  ['GET', 'Shop.Web/sites/web/slots'],
  ['POST', 'x/sites/web/config/web'],
  ['POST', 'sites/web/config/web/list'],
])('%s %s is not', (method, path) => {
  expect(found(method, path)).toBeUndefined();
});

test('a refusal becomes the answer, a mistake of the model stays an error', () => {
  const refuse = () => {
    throw armRefusal(409, 'Conflict', 'Not now.', { 'retry-after': '1' });
  };
  const body = { error: { code: 'Conflict', message: 'Not now.' } };
  expect(answerOf(refuse)).toEqual({ status: 409, headers: { 'retry-after': '1' }, body });
  const fail = () => {
    throw new TypeError('undefined is not an object');
  };
  expect(() => answerOf(fail)).toThrow(TypeError);
});

test.each([SITE, `${SITE}x`])(
  'what no row models fails loudly and by name, whoever asks, be it there or not: %s',
  (site) => {
    const ask = (clientId: string | null) => () => callerOn().send('GET', `${site}/tarot`, undefined, { clientId });
    expect(ask(null)).toThrow(`The simulator does not model: GET ${site}/tarot`);
    expect(ask('somebody without a role')).toThrow(`The simulator does not model: GET ${site}/tarot`);
  },
);
