import { expect, test } from '@jest/globals';
import { reviewPages } from '../../src/apply/review-pages.ts';
import type { HttpRequest } from '../../src/ports.ts';
import { slot } from '../phases/observed.ts';
import { sketch } from './sketch.ts';

const HOME = 'shop-production.azurewebsites.net';
const CANDIDATE = 'shop-zdd-staging.azurewebsites.net';

interface Given {
  readonly inputs?: Readonly<Record<string, string>>;
  /** Names of the site beside its own. */
  readonly hosts?: readonly string[];
  /** The text of a page, by host and path; undefined: nobody answers. A path that is not named answers 404. */
  readonly pages?: (at: string) => string | undefined;
  /** How long each answer takes. */
  readonly ms?: number;
}

async function reviewed({ inputs = {}, hosts = [], pages = () => '', ms = 10 }: Given = {}) {
  const asked: HttpRequest[] = [];
  let [open, most] = [0, 0];
  const there = sketch({ inputs, ports: { send } });
  async function send(request: HttpRequest) {
    asked.push(request);
    open += 1;
    most = Math.max(most, open);
    await there.clock.sleep(ms);
    open -= 1;
    const { host, pathname, search } = new URL(request.url);
    const text = pages(`${host}${pathname}${search}`);
    if (text === undefined) throw new Error('no route');
    const isMap = /sitemap\.xml|robots\.txt/.test(pathname) && text === '';
    return { status: isMap ? 404 : 200, headers: {}, body: new TextEncoder().encode(text) };
  }
  const production = slot('production');
  const site = { ...production.site, customHosts: [HOME, ...hosts] };
  const scene = there.scene({ production: { ...production, site } });
  const review = await reviewPages(scene, slot('zdd-staging'));
  return {
    ...review,
    most,
    names: review.pages.map(({ host, path }) => `${host}${path}`),
    asked: (at: string) => asked.filter(({ url }) => url === `https://${at}`),
    all: asked.map(({ url }) => url.replace('https://', '')),
  };
}

const sitemap = (...urls: readonly string[]) => urls.map((url) => `<loc>https://${url}</loc>`).join('');
const numbered = (count: number, prefix: string) => Array.from({ length: count }, (_, at) => `${prefix}${at}`);

test('a page is told as production and the candidate answer it, each under the address at which it can be looked at', async () => {
  const pages = (at: string) => {
    if (at === `${CANDIDATE}/tea`) return undefined;
    return at === `${HOME}/tea` ? '<title lang="en">\n Green &amp;  black\n tea </title>é' : '';
  };
  const { pages: seen, leftOut, silentHosts } = await reviewed({ inputs: { 'review-paths': '/tea' }, pages });
  expect(seen).toEqual([
    {
      host: HOME,
      path: '/',
      production: { url: `https://${HOME}/`, status: 200, ms: 10, bytes: 0, title: '' },
      candidate: { url: `https://${CANDIDATE}/`, status: 200, ms: 10, bytes: 0, title: '' },
    },
    {
      host: HOME,
      path: '/tea',
      production: { url: `https://${HOME}/tea`, status: 200, ms: 10, bytes: 53, title: 'Green & black tea' },
      candidate: { url: `https://${CANDIDATE}/tea`, status: undefined, ms: 10, bytes: 0, title: '' },
    },
  ]);
  expect([leftOut, silentHosts]).toEqual([0, []]);
});

test('a title is cut, whatever the page says', async () => {
  const [page] = (await reviewed({ pages: () => `<title>${'x'.repeat(200)}</title>` })).pages;
  expect(page?.production.title).toBe('x'.repeat(80));
});

test('the candidate is told by which other name visitors would come, and every host sees the probe headers', async () => {
  const inputs = { 'probe-headers': 'X-Key: 1', 'smoke-paths': '/tea', 'review-paths': '/tea, /cup' };
  const { asked, names, all } = await reviewed({ inputs, hosts: ['tea.example'] });
  const paths = ['/', '/tea', '/cup'];
  expect(names).toEqual([...paths.map((path) => `${HOME}${path}`), ...paths.map((path) => `tea.example${path}`)]);
  const headers = { 'user-agent': 'zdd-action', 'X-Key': '1' };
  expect(asked(`${CANDIDATE}/cup`).map((each) => each.headers)).toEqual([
    headers,
    { ...headers, 'x-forwarded-host': 'tea.example' },
  ]);
  for (const host of [HOME, 'tea.example'])
    expect(asked(`${host}/cup`)).toEqual([expect.objectContaining({ headers, timeoutMs: 15_000 })]);
  // The first look finds out who answers; the own name of production is asked once by it, although it is listed among the names.
  expect(all.filter((each) => each === `${HOME}/`)).toHaveLength(2);
});

test('a name at which nobody answers is told, and asked no more; production that does not answer is told by its pages', async () => {
  const silent = (at: string) => (/^(gone\.example|shop-production)/.test(at) ? undefined : '');
  const { all, silentHosts, names } = await reviewed({ hosts: ['gone.example', 'tea.example'], pages: silent });
  expect(silentHosts).toEqual(['gone.example']);
  expect(all.filter((each) => each.startsWith('gone'))).toEqual(['gone.example/']);
  expect(names).toEqual([`${HOME}/`, 'tea.example/']);
});

test('no more than ten names are asked, and no more than eight pages at once', async () => {
  const { names, most, all } = await reviewed({ hosts: numbered(12, 'host-') });
  expect(names).toEqual([HOME, ...numbered(9, 'host-')].map((host) => `${host}/`));
  expect(new Set(all.map((each) => each.split('/')[0])).size).toBe(11);
  // Of each page two are asked: production and the candidate.
  expect(most).toBe(16);
});

test('of a sitemap the first ten pages are shown, each once, and the rest is counted', async () => {
  const urls = numbered(12, `${HOME}/p`);
  const pages = (at: string) => (at === `${HOME}/sitemap.xml` ? sitemap(`${HOME}/p0`, ...urls, `${HOME}/`) : '');
  const { names, leftOut } = await reviewed({ pages });
  expect(names).toEqual([`${HOME}/`, ...urls.slice(0, 10)]);
  expect(leftOut).toBe(2);
});

test('each sitemap has its ten pages, whichever of the names it is of', async () => {
  const of = (host: string) => sitemap(...numbered(11, `${host}/p`));
  const pages = (at: string) => (at.endsWith('/sitemap.xml') ? of(at.replace('/sitemap.xml', '')) : '');
  const { names, leftOut } = await reviewed({ hosts: ['tea.example'], pages });
  expect(names.filter((name) => name.startsWith(HOME))).toHaveLength(11);
  expect(names.filter((name) => name.startsWith('tea.example'))).toHaveLength(11);
  expect(leftOut).toBe(2);
});

test('of a hundred pages and more a hundred are asked', async () => {
  const { names, leftOut } = await reviewed({ inputs: { 'review-paths': numbered(104, '/p').join(',') } });
  expect([names.length, leftOut]).toEqual([100, 5]);
});

test('what is not begun within two minutes is left out', async () => {
  // The names take 15 s, the sitemaps as long, and each turn of eight pages: the sixth ends with the time.
  const inputs = { 'review-paths': numbered(59, '/p').join(',') };
  const { names, leftOut } = await reviewed({ inputs, ms: 15_000 });
  expect([names.length, leftOut]).toEqual([48, 12]);
});

test('where the first answers take a minute, no sitemap is asked for', async () => {
  const { all, names } = await reviewed({
    ms: 60_000,
    pages: (at) => (/sitemap/.test(at) ? sitemap(`${HOME}/a`) : ''),
  });
  expect(all.filter((each) => /sitemap|robots/.test(each))).toEqual([]);
  expect(names).toEqual([`${HOME}/`]);
});
