import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import { type Build, buildFiles } from '../../simulator/model/app/build.ts';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import type { Review } from '../../src/deployment/review.ts';
import type { Ports } from '../../src/ports.ts';
import { summaryOf } from '../../src/summary/summary.ts';
import { begin, type Inputs, LIVE } from './trial.ts';

const folder = mkdtempSync(join(tmpdir(), 'zdd-pages-'));
afterAll(() => rmSync(folder, { recursive: true }));

const LIVE_PAGES = {
  '/sitemap.xml': page('<loc>https://web.azurewebsites.net/news</loc><loc>https://tea.example/green</loc>'),
  '/news': page('<title>News &amp; more</title>'),
  'tea.example/green': page('<title>Green tea</title>'),
  'tea.example/health': page('<title>Tea</title>'),
};

test('reviewers see the pages of the sitemap, those given, and each site of the app under its own name', async () => {
  const { review, summary } = await reviewed(
    { pages: LIVE_PAGES, hearsForwardedHost: true },
    { pages: { ...LIVE_PAGES, '/news': { status: 500, text: 'broken' } } },
    { 'review-paths': '/about' },
  );
  expect(linesOf(review)).toEqual([
    'web.azurewebsites.net/health 200 "" | 200 ""',
    'web.azurewebsites.net/about 200 "" | 200 ""',
    'tea.example/health 200 "Tea" | 200 "Tea"',
    'tea.example/about 200 "" | 200 ""',
    'web.azurewebsites.net/news 200 "News & more" | 500 ""',
    'tea.example/green 200 "Green tea" | 200 "Green tea"',
  ]);
  // What newly fails is on top, with a link to both.
  expect(summary).toMatch(
    /\|---\|---\|---\|---\|\n\| 🔴 \*\*fails\*\* \| `web\.azurewebsites\.net\/news` \| \*\*\[200\]\(https:\/\/web\.azurewebsites\.net\/news\).* \| \*\*\[500\]\(https:\/\/web-zdd-staging\.azurewebsites\.net\/news\)/,
  );
  expect(summary).toContain('asked at its own address');
});

test('an app that does not heed the name shows its default site, which is told and fails nothing', async () => {
  const { review, summary } = await reviewed({ pages: LIVE_PAGES }, {});
  expect(linesOf(review)).toContain('tea.example/green 200 "Green tea" | 200 ""');
  expect(summary).toContain('an app that does not heed it shows its default site there');
});

test('a long sitemap is cut, and the rest counted; a name at which nobody answers is told once and asked once', async () => {
  const asked: string[] = [];
  const urls = Array.from({ length: 30 }, (_, at) => `<loc>https://web.azurewebsites.net/p${at}</loc>`);
  const { review, summary } = await reviewed({ pages: { '/sitemap.xml': page(urls.join('')) } }, {}, {}, (ports) => ({
    ...ports,
    send: (request, signal) => {
      const { host, pathname } = new URL(request.url);
      if (host !== 'tea.example') return ports.send(request, signal);
      asked.push(pathname);
      throw new Error('no such host');
    },
  }));
  expect(review.pages).toHaveLength(11);
  expect(review.leftOut).toBe(20);
  expect(review.silentHosts).toEqual(['tea.example']);
  expect(asked).toEqual(['/health']);
  expect(summary).toContain('There are 20 more');
  expect(summary).toContain('Nobody answered at `tea.example`');
});

test('a site that is slow keeps visitors waiting for the report for two minutes and no longer', async () => {
  let [from, to] = [0, 0];
  const paths = Array.from({ length: 90 }, (_, at) => `/p${at}`).join(',');
  const { review } = await reviewed({}, {}, { 'review-paths': paths }, (ports) => ({
    ...ports,
    send: async (request, signal) => {
      const { pathname } = new URL(request.url);
      if (!/^\/(p\d+|sitemap\.xml|robots\.txt)$/.test(pathname)) return ports.send(request, signal);
      // The last one is that of the report.
      if (request.url === 'https://web.azurewebsites.net/sitemap.xml') from = ports.clock.now();
      await ports.clock.sleep(14_000, signal);
      to = ports.clock.now();
      return ports.send(request, signal);
    },
  }));
  expect(review.leftOut).toBeGreaterThan(0);
  expect(review.pages.length).toBeGreaterThan(20);
  // What was begun within the time is waited for.
  expect(to - from).toBeLessThanOrEqual(120_000 + 15_000);
});

test('the probe headers go to hosts of the app, whatever a sitemap names', async () => {
  const told = new Set<string>();
  const pages = { '/sitemap.xml': page('<loc>https://evil.example/a</loc>') };
  await reviewed({ pages }, {}, { 'probe-headers': 'X-Key: very-hidden' }, (ports) => ({
    ...ports,
    send: (request, signal) => {
      if (JSON.stringify(request.headers).includes('very-hidden')) told.add(new URL(request.url).host);
      return ports.send(request, signal);
    },
  }));
  expect([...told].sort()).toEqual([
    'tea.example',
    'web-zdd-readonly.azurewebsites.net',
    'web-zdd-staging.azurewebsites.net',
    'web.azurewebsites.net',
  ]);
});

/** The review of a new build that differs from the live one by `next`, on an app that also has the name tea.example. */
async function reviewed(
  kind: Partial<Build>,
  next: Partial<Build>,
  inputs: Inputs = {},
  around: (ports: Ports) => Ports = (ports) => ports,
): Promise<{ review: Review; summary: string }> {
  const file = join(mkdtempSync(join(folder, 'build-')), 'new.zip');
  writeFileSync(file, zipSync(buildFiles({ ...LIVE, ...kind, version: '1.1', ...next }), { mtime: '2020-01-01' }));
  const trial = begin({ build: { ...LIVE, ...kind } }, { around });
  slotOf(trial.world, 'web', 'production').customHosts.push('tea.example');
  const more = { ...inputs, package: file };
  await trial.through(...['clone', 'read-only', 'switch', 'deploy'].map((phase) => [phase, more] as const));
  const report = await trial.run('validate', more);
  const review = report.phases[0]?.review;
  if (!review) throw new Error(`no review: ${report.failure?.happened}`);
  return { review, summary: summaryOf(report) };
}

function linesOf({ pages }: Review): string[] {
  return pages.map(
    ({ host, path, production, candidate }) =>
      `${host}${path} ${production.status} "${production.title}" | ${candidate.status} "${candidate.title}"`,
  );
}

function page(text: string) {
  return { text };
}
