import { expect, test } from '@jest/globals';
import { crawlCopy } from '../../src/apply/crawl-copy.ts';
import type { HttpRequest, Ports } from '../../src/ports.ts';
import { slot } from '../phases/observed.ts';
import { type Site, sketch } from './sketch.ts';

const COPY = 'shop-zdd-readonly.azurewebsites.net';
const SITE = 'www.shop.example';
const production = {
  ...slot('production', { host: 'shop.azurewebsites.net' }),
  site: { ...slot('production').site, customHosts: [SITE] },
};

type Pages = Readonly<Record<string, number | string | undefined>>;

/** A site whose pages are these, each with its status or its text; production shows them all unless it is said. */
async function crawl(pages: Pages, inputs: Readonly<Record<string, string>> = {}, today: Pages = {}) {
  const answer = (page: number | string | undefined) => (typeof page === 'string' ? { status: 200, text: page } : page);
  const site: Site = ({ host, pathname, search }) => {
    const path = `${pathname}${search}`;
    if (host === COPY) return path in pages ? answer(pages[path]) : 200;
    return path in today ? answer(today[path]) : /sitemap|robots/.test(path) ? 404 : 200;
  };
  const there = sketch({ site, inputs });
  const doubts = await crawlCopy(there.scene({ production }), COPY);
  const onCopy = there.asked.filter((each) => each.includes(COPY)).map((each) => each.slice(`GET ${COPY}`.length));
  return { ...there, doubts, onCopy };
}

const links = (...to: readonly string[]) => to.map((each) => `<a class="x" href="${each}">more</a>`).join('\n');
const urlset = (...paths: readonly string[]) =>
  `<urlset>${paths.map((path) => `<url><loc>https://${path}</loc></url>`).join('')}</urlset>`;

test('a copy whose pages all work leaves no doubt', async () => {
  const { doubts, onCopy, warnings } = await crawl({}, { 'health-path': '/health', 'smoke-paths': '/tea' });
  expect([doubts, warnings]).toEqual([[], []]);
  expect(onCopy).toEqual(['/health', '/tea']);
});

test.each<[string, number | undefined, string | undefined]>([
  ['an error', 500, '/tea (500)'],
  ['no answer', undefined, '/tea (no answer)'],
  ['what is no error', 404, undefined],
])('a page that ends in %s', async (_what, status, said) => {
  const { doubts, warnings } = await crawl({ '/tea': status }, { 'smoke-paths': '/tea' });
  const doubt = `On the read-only copy 1 of 2 pages end in an error that production does not show: ${said}.`;
  expect(doubts).toEqual(said === undefined ? [] : [expect.stringContaining(doubt)]);
  expect(warnings).toEqual(doubts);
});

test('what fails in production as well is no news', async () => {
  const paths = { 'review-paths': '/tea, /cup, /pot' };
  const failing = { '/tea': 500, '/cup': 500, '/pot': 500 };
  const { doubts } = await crawl(failing, paths, { '/tea': 500, '/pot': undefined });
  expect(doubts).toEqual([expect.stringMatching(/ 1 of 4 pages .*: \/cup \(500\)\. /)]);
});

test('what a page links to is asked as well, once and on the copy, but not what that links to', async () => {
  const { onCopy, doubts } = await crawl({
    '/': links('/tea?a=1&amp;b=2', 'cup', `https://${SITE}/pot`, `https://${COPY}/can`, '/tea?a=1&amp;b=2'),
    '/cup': links('/deeper'),
    '/pot': 503,
  });
  expect(onCopy).toEqual(['/', '/tea?a=1&b=2', '/cup', '/pot', '/can']);
  expect(doubts).toEqual([expect.stringContaining('/pot (503)')]);
});

test('what the first page that was linked to links to is not followed either', async () => {
  const { onCopy } = await crawl({ '/': links('/tea', '/cup'), '/tea': links('/deeper') });
  expect(onCopy).toEqual(['/', '/tea', '/cup']);
});

test('links that lead elsewhere, to files, or out of the session are not followed', async () => {
  const foreign = [
    'https://other.example/a',
    'mailto:a@b.example',
    'javascript:go()',
    'http://[',
    '//other.example/b',
    `ftp://${SITE}/c`,
  ];
  const files = ['/report.pdf', '/logo.png', '/a/style.css'];
  const ways = ['/log-out', '/Account/Logout', '/signout?now=1', '/sign-out'];
  const { onCopy } = await crawl({
    '/': links(...foreign, ...files, ...ways, '/a.aspx', '/b.html', '/c.php', '/v1.2'),
  });
  expect(onCopy).toEqual(['/', '/a.aspx', '/b.html', '/c.php', '/v1.2']);
});

const FORM = '<form method="post"><button>Send</button></form>';
const CLOSED = '<form method="post"><button disabled>Send</button></form>';

test('a form that can be sent is told where the platform disables all: of which pages, and of no other', async () => {
  const pages = { '/tea': FORM, '/cup': CLOSED, '/pot': 500, '/can': FORM };
  const paths = { 'review-paths': '/tea, /cup, /can, /pot' };
  const kentico = await crawl(pages, { ...paths, profile: 'xperience-kentico' });
  expect(kentico.doubts).toEqual([
    expect.stringContaining('/pot (500)'),
    expect.stringMatching(/2 of 5 pages show a form that can be sent.*: \/tea, \/can\. /),
  ]);
  expect(kentico.warnings).toEqual(kentico.doubts);
  // On another platform it may say so when it is sent; and where all are disabled there is nothing to say.
  expect((await crawl({ '/tea': FORM }, paths)).doubts).toEqual([]);
  expect((await crawl({ '/tea': CLOSED }, { ...paths, profile: 'xperience-kentico' })).doubts).toEqual([]);
});

test('every page is asked for as visitors are let in, and none is waited for longer than a quarter of a minute', async () => {
  const requests: HttpRequest[] = [];
  const send: Ports['send'] = async (request) => {
    requests.push(request);
    return { status: 200, headers: {}, body: new Uint8Array() };
  };
  const there = sketch({ inputs: { 'probe-headers': 'X-Key: 1' }, ports: { send } });
  await crawlCopy(there.scene({ production }), COPY);
  expect(requests.length).toBeGreaterThan(1);
  for (const each of requests)
    expect(each).toMatchObject({ timeoutMs: 15_000, headers: expect.objectContaining({ 'X-Key': '1' }) });
});

test('an error page is no page: its links lead nowhere', async () => {
  const site: Site = ({ pathname }) => (pathname === '/' ? { status: 500, text: links('/tea') } : 200);
  const there = sketch({ site });
  await crawlCopy(there.scene({ production }), COPY);
  expect(there.asked.filter((each) => each.includes('/tea'))).toEqual([]);
});

test('of the sitemap of production the first thirty pages of its own address are asked', async () => {
  const own = Array.from({ length: 40 }, (_, index) => `${production.host}/p${index}`);
  const { onCopy } = await crawl({}, {}, { '/sitemap.xml': urlset(`${SITE}/other`, ...own) });
  expect(onCopy).toHaveLength(31);
  expect(onCopy).toEqual(expect.arrayContaining(['/', '/p0', '/p29']));
  expect(onCopy).not.toContain('/other');
});

test('sixty pages are asked at the most, six at once', async () => {
  const many = Array.from({ length: 80 }, (_, index) => `/p${index}`);
  let [now, most] = [0, 0];
  const there = sketch({ site: ({ pathname }) => (pathname === '/' ? { status: 200, text: links(...many) } : 200) });
  const { send } = there.context.ports;
  const counting = {
    ...there.context.ports,
    async send(...args: Parameters<typeof send>) {
      most = Math.max(most, ++now);
      const answer = await send(...args);
      now--;
      return answer;
    },
  };
  const scene = there.scene({ production });
  await crawlCopy({ ...scene, context: { ...scene.context, ports: counting } }, COPY);
  expect(there.asked.filter((each) => each.includes(COPY))).toHaveLength(60);
  expect(most).toBe(6);
});
