import { expect, test } from '@jest/globals';
import { reviewSection } from '../../src/summary/review.ts';
import { summaryOf } from '../../src/summary/summary.ts';
import { begin } from './trial.ts';

test('a reviewer sees production and the candidate side by side: pages, tables, rows and settings', async () => {
  const trial = begin();
  const more = { 'smoke-paths': '/', 'app-settings': 'Search__Url=https://search.example' };
  await trial.through('clone', 'read-only', 'switch', ['deploy', more]);
  const report = await trial.run('validate', more);
  const page = summaryOf(report);
  expect(page).toMatch(
    /\| alike \| `\/` \| \*\*\[200\]\(https:\S+\)\*\*, \d+ ms, \d+ bytes \| \*\*\[200\]\(https:\S+\)\*\*, \d+ ms, \d+ bytes \|/,
  );
  expect(page).toContain('| `dbo.writes` | changed | note added (nvarchar(50) NULL) |');
  expect(page).toContain('| `Search__Url` | added |');
  expect(page).not.toContain('search.example');
  expect(page).toContain('- Schema version of `shop`: `1` before, `2` now.');
  expect(page).toContain('A rollback after that takes the databases back');
});

test('a page that only the candidate fails is on top, and the verdict does not hang on it', async () => {
  const review = {
    pages: [
      { host: 'web.example', path: '/', production: seen(200, 'Shop'), candidate: seen(200, 'Shop') },
      { host: 'web.example', path: '/news', production: seen(200, 'News'), candidate: seen(200, 'Start') },
      { host: 'web.example', path: '/old', production: seen(200, 'Old'), candidate: seen(500, '') },
    ],
    leftOut: 0,
    silentHosts: [],
    builds: { live: 'a', candidate: 'b' },
    begun: { by: 'ann', run: 'o/r/1/1' },
    databases: [{ name: 'shop', versionBefore: '2', versionNow: '2', differences: undefined }],
    settings: Array.from({ length: 70 }, (_, at) => ({ name: `S${at}`, what: 'added' as const })),
  };
  const page = reviewSection(review, { places: [] });
  expect(page.match(/^\| .* \| `\/.*?` \|/gm)).toEqual([
    '| 🔴 **fails** | `/old` |',
    '| 🟡 differs | `/news` |',
    '| alike | `/` |',
  ]);
  expect(page).toContain('Could not be asked.');
  expect(page).toContain('- Schema version of `shop`: `2`, as before.');
  expect(page).toContain('the code alone can be rolled back');
  expect(page).toContain('… and 10 more');
});

function seen(status: number, title: string) {
  return { url: 'https://web.example/', status, ms: 5, bytes: 10, title };
}
