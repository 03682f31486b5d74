import { expect, test } from '@jest/globals';
import { imageName, pinned } from '../../src/deployment/image-name.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

test.each([
  ['nginx', 'registry-1.docker.io library/nginx latest'],
  ['team/shop:2', 'registry-1.docker.io team/shop 2'],
  ['shop.azurecr.io/team/shop:2', 'shop.azurecr.io team/shop 2'],
  ['shop.v2', 'registry-1.docker.io library/shop.v2 latest'],
  ['SHOP.azurecr.io/shop', 'shop.azurecr.io shop latest'],
  ['localhost/shop', 'localhost shop latest'],
  ['localhost:5000/shop', 'localhost:5000 shop latest'],
  [`ghcr.io/team/shop:2@${DIGEST}`, `ghcr.io team/shop ${DIGEST}`],
])('%s is read as Docker reads it', (text, expected) => {
  const { host, repository, reference } = imageName(text) ?? {};
  expect([host, repository, reference].join(' ')).toBe(expected);
});

test.each([['https://shop.azurecr.io/shop'], ['shop.azurecr.io/Shop:2'], ['a b'], ['shop:'], ['shop@sha256:12'], ['']])(
  '"%s" is no name of an image',
  (text) => {
    expect(imageName(text)).toBeUndefined();
  },
);

test('App Service is given a digest without the tag that it came from', () => {
  expect(pinned(`ghcr.io/shop:2@${DIGEST}`)).toBe(`ghcr.io/shop@${DIGEST}`);
  expect(pinned('ghcr.io/shop:2')).toBeUndefined();
});
