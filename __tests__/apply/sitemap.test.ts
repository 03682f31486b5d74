import { expect, test } from '@jest/globals';
import { pagesInSitemaps } from '../../src/apply/sitemap.ts';

const HOSTS = ['shop.example', 'www.shop.example'];

test('the pages of the sitemap come in its order, with their queries, over https', async () => {
  const found = await pagesOf({
    'shop.example/sitemap.xml': urlset('http://shop.example/', 'https://shop.example/tea?a=1&amp;b=2'),
  });
  expect(found).toEqual(['shop.example/', 'shop.example/tea?a=1&b=2']);
});

test('only hosts of the site are named: no address of others, none of another kind, none that is none', async () => {
  const found = await pagesOf({
    'shop.example/sitemap.xml': urlset(
      'https://evil.example/',
      'https://shop.example.evil.example/',
      'https://shop.example@evil.example/',
      'https://shop.example:8443/',
      'ftp://shop.example/a',
      'javascript:alert(1)',
      '//evil.example/b',
      'not an address',
      'https://www.shop.example/../../c',
    ),
  });
  expect(found).toEqual(['www.shop.example/c']);
});

test('without a sitemap at its usual place robots.txt names it, and an index is followed once', async () => {
  const asked: string[] = [];
  const pages = {
    'shop.example/robots.txt':
      'User-agent: *\nSitemap: https://www.shop.example/maps.xml\nsitemap: https://evil.example/x.xml',
    'www.shop.example/maps.xml': index('https://shop.example/one.xml', 'https://shop.example/loop.xml'),
    'shop.example/one.xml': urlset('https://shop.example/one'),
    'shop.example/loop.xml': index('https://shop.example/loop.xml'),
  };
  expect(await pagesOf(pages, asked)).toEqual(['shop.example/one']);
  expect(asked).toEqual([
    'shop.example/sitemap.xml',
    'shop.example/robots.txt',
    'www.shop.example/maps.xml',
    'shop.example/one.xml',
    'shop.example/loop.xml',
  ]);
});

test('of many sitemaps three are read, and one that is not there is no reason to stop', async () => {
  const asked: string[] = [];
  const parts = ['gone', 'b', 'c', 'd'].map((name) => `https://shop.example/${name}.xml`);
  const pages = {
    'shop.example/sitemap.xml': index(...parts),
    'shop.example/b.xml': urlset('https://shop.example/b'),
    'shop.example/d.xml': urlset('https://shop.example/d'),
  };
  expect(await pagesOf(pages, asked)).toEqual(['shop.example/b']);
  expect(asked).toHaveLength(5);
});

test('of many sitemaps in robots.txt three are read, and of a long one its beginning', async () => {
  const asked: string[] = [];
  const names = ['a', 'b', 'c', 'd'].map((name) => `https://shop.example/${name}.xml`);
  const long = `${urlset('https://shop.example/first')}${' '.repeat(1_000_000)}${urlset('https://shop.example/last')}`;
  const pages = {
    'shop.example/robots.txt': names.map((name) => `Sitemap: ${name}`).join('\n'),
    'shop.example/a.xml': long,
    'shop.example/d.xml': urlset('https://shop.example/d'),
  };
  expect(await pagesOf(pages, asked)).toEqual(['shop.example/first']);
  expect(asked).toHaveLength(5);
});

test('of a site that answers with anything there are no pages', async () => {
  for (const text of ['', '<html><loc>', '<loc></loc>', '<loc>'.repeat(100_000), `<loc>${'x'.repeat(2_000_000)}</loc>`])
    expect(await pagesOf({ 'shop.example/sitemap.xml': text })).toEqual([]);
});

function pagesOf(answers: Readonly<Record<string, string>>, asked: string[] = []): Promise<readonly string[]> {
  return pagesInSitemaps(
    async ({ host, path }) => {
      asked.push(`${host}${path}`);
      const text = answers[`${host}${path}`];
      return text === undefined
        ? { status: 404, headers: {}, text: '<loc>https://shop.example/not-found</loc>', ms: 1 }
        : { status: 200, headers: {}, text, ms: 1 };
    },
    'shop.example',
    HOSTS,
  ).then((pages) => pages.map(({ host, path }) => `${host}${path}`));
}

function urlset(...urls: readonly string[]): string {
  return `<?xml version="1.0"?><urlset>${urls.map((url) => `<url><loc> ${url} </loc></url>`).join('\n')}</urlset>`;
}

function index(...urls: readonly string[]): string {
  return `<sitemapindex>${urls.map((url) => `<sitemap><loc>${url}</loc></sitemap>`).join('')}</sitemapindex>`;
}
