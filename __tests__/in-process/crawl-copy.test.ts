import { expect, test } from '@jest/globals';
import type { Build } from '../../simulator/model/app/build.ts';
import { begin, LIVE, type Trial } from './trial.ts';

const COPY = 'web-zdd-readonly.azurewebsites.net';

const PAGES: NonNullable<Build['pages']> = {
  '/sitemap.xml': {
    text: '<urlset><url><loc>https://web.azurewebsites.net/shop</loc></url><url><loc>https://web.azurewebsites.net/old</loc></url></urlset>',
  },
  '/shop': {
    text: `<a class="x" href="/basket?step=1&amp;of=2">Basket</a> <a href='https://web.azurewebsites.net/account'>You</a>
      <a href="https://elsewhere.example/basket">Other</a> <a href="/log-out">Out</a> <a href="/manual.pdf">Manual</a>`,
  },
  '/basket?step=1&of=2': { text: 'Basket <a href="/deeper">More</a>', whenReadOnly: 500 },
  '/account': { text: '<a href="/deeper">More</a>' },
  '/deeper': { text: 'More', whenReadOnly: 500 },
  '/old': { text: 'broken for years', status: 500 },
  '/log-out': { text: 'Bye', whenReadOnly: 500 },
};

/** The deployment of a shop with these pages, and what was asked of its copy. */
function shopWith(pages: Build['pages']): { trial: Trial; asked: string[] } {
  const asked: string[] = [];
  const trial = begin(
    { build: { ...LIVE, ...(pages ? { pages } : {}) } },
    {
      around: (ports) => ({
        ...ports,
        send(request, signal) {
          const { host, pathname, search } = new URL(request.url);
          if (host === COPY) asked.push(`${pathname}${search}`);
          return ports.send(request, signal);
        },
      }),
    },
  );
  return { trial, asked };
}

test('pages that end in an error on the copy alone are told before visitors meet them, and hold nobody up', async () => {
  const { trial, asked } = shopWith(PAGES);
  await trial.through('clone');
  const { failure, warnings } = await trial.run('read-only');
  expect(failure).toBeUndefined();
  expect(warnings).toContain(
    'On the read-only copy 1 of 5 pages end in an error that production does not show: /basket?step=1&of=2 (500). Guard them, or let them show a page that explains it.',
  );
  // Of what it links to only pages of the site, once, and not what those link to.
  for (const path of ['/log-out', '/manual.pdf', '/deeper']) expect(asked).not.toContain(path);
  await trial.through('switch');
});

test('what is proven right before the swap is not gone through again', async () => {
  const { trial, asked } = shopWith(PAGES);
  await trial.through('clone', 'read-only');
  asked.length = 0;
  await trial.through('switch');
  expect(asked).not.toContain('/shop');
});

test('a copy without such pages says nothing, and a large site is gone through in part', async () => {
  const plain = shopWith(undefined);
  await plain.trial.through('clone');
  expect((await plain.trial.run('read-only')).warnings.join('\n')).not.toContain('end in an error');
  const links = Array.from({ length: 200 }, (_, index) => `<a href="/p/${index}">x</a>`).join('');
  const large = shopWith({ '/health': { text: links } });
  await large.trial.through('clone', 'read-only');
  expect(new Set(large.asked.filter((path) => path.startsWith('/p/'))).size).toBe(59);
});
