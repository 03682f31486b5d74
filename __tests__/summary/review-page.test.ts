import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Review } from '../../src/deployment/review.ts';
import { htmlOf } from '../../src/summary/html.ts';
import { reportFile } from '../../src/summary/report-file.ts';
import { reviewPage } from '../../src/summary/review-page.ts';
import type { RunReport } from '../../src/summary/summary.ts';

const seen = { url: 'https://shop.example/news?a=1&b=2', status: 200, ms: 12, bytes: 5000, title: 'News & more' };

test('the page holds what reviewers decide by, in one file that loads nothing', () => {
  const page = reviewPage(reportWith(review)) ?? '';
  for (const told of ['<h1>🟡 Visitors', '<code>/news</code>', 'News &amp; more', '<code>dbo.orders</code>', 'fails'])
    expect(page).toContain(told);
  expect(page).toContain('<a href="https://shop.example/news?a=1&amp;b=2" rel="noreferrer">200</a>');
  const warned = reviewPage(reportWith(review, ['Orders may be lost.'])) ?? '';
  expect(warned).toContain('<blockquote class="warning"><p>Orders may be lost.</p>');
  expect(page).not.toMatch(/<(?:script|img|link|iframe)|@import|url\(/);
});

test('the browser takes the style of the page, and nothing else', () => {
  const page = reviewPage(reportWith(review)) ?? '';
  const style = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  expect(page).toContain(
    `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
  );
});

test('what an app or a database says is text, whatever it says', () => {
  const evil =
    '</table></main><script>alert(1)</script><img src=x onerror=alert(2)> [a](javascript:alert(3)) ![b](https://evil.example/c) <details open>|`';
  const hostile: Review = {
    ...review,
    pages: [
      {
        host: 'shop.example',
        path: `/${evil}`,
        production: { ...seen, title: evil },
        candidate: { ...seen, url: 'javascript:x' },
      },
    ],
    databases: [{ name: evil, versionBefore: evil, versionNow: evil, differences: undefined }],
    settings: [{ name: evil, what: 'added' }],
    blobs: {
      account: evil,
      since: evil,
      unseen: undefined,
      changes: [{ container: evil, name: evil, what: 'deleted', at: '2026-09-01T10:00:00.000Z' }],
      ...{ deleted: 1, overwritten: 0, gone: 0, containers: 1, blobs: 1, isCut: false, hasVersions: true },
    },
    begun: { by: evil, run: evil },
  };
  const page = reviewPage(reportWith(hostile, [evil])) ?? '';
  expect(page).not.toMatch(/<(?:script|img|details open)/);
  expect(page).not.toMatch(/href="(?!https:)/);
  expect(page.match(/<\/main>/g)).toHaveLength(1);
});

test('of Markdown that nobody made neutral no tag, picture or foreign address is left', () => {
  const html = htmlOf(
    '<script>a</script> <img src=x> ![b](https://evil.example/c) [d](javascript:e)\n\n<iframe src=x>',
  );
  expect(html).not.toMatch(/<(?:script|img|iframe)|href/);
});

test('a run that reviewed nothing has no page, and the report says where one is', () => {
  expect(reviewPage({ ...reportWith(review), phases: [] })).toBeUndefined();
  expect(JSON.parse(reportFile(reportWith(review), '/tmp/page.html'))).toMatchObject({ reviewPage: '/tmp/page.html' });
});

test('a long list is all there, other than on the page of the run', () => {
  const settings = Array.from({ length: 300 }, (_, at) => ({ name: `Setting${at}`, what: 'added' as const }));
  expect(reviewPage(reportWith({ ...review, settings }))).toContain('<code>Setting299</code>');
});

const review: Review = {
  leftOut: 0,
  silentHosts: [],
  builds: { live: 'a', candidate: 'b' },
  begun: { by: 'ada', run: 'org/shop/1/1' },
  pages: [{ host: 'shop.example', path: '/news', production: seen, candidate: { ...seen, status: 500 } }],
  databases: [
    {
      name: 'shop',
      versionBefore: '1',
      versionNow: '2',
      differences: [{ table: 'dbo.orders', what: 'dropped', columns: [], rowsBefore: 3, rowsAfter: undefined }],
    },
  ],
  settings: [],
};

function reportWith(one: Review, warnings: readonly string[] = []): RunReport {
  return {
    headline: '🟡 Visitors are on the read-only copy.',
    app: 'shop',
    phases: [{ phase: 'validate', outcome: 'done', tookMs: 1, steps: [], checks: [], review: one }],
    result: undefined,
    whereabouts: [],
    notes: [],
    warnings,
    failure: undefined,
    ways: [],
    links: { serverUrl: 'https://github.com', places: [] },
    sight: undefined,
  };
}
