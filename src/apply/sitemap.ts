import { withoutEntities } from '../azure/entities.ts';
import type { ProbeResult } from '../azure/probe.ts';

/** A page of the site, under one of its host names. */
export interface Page {
  readonly host: string;
  /** With its query. */
  readonly path: string;
}

/** A site may name its sitemaps in robots.txt, and a sitemap may be a list of others: so many are read of each, and of each so much. */
const MOST_SITEMAPS = 3;
const MOST_CHARACTERS = 1_000_000;

/**
 * The pages that the sitemaps of a host name, in their order: those of `/sitemap.xml`, or else of the ones in `/robots.txt`. What
 * they say is foreign text: an address of another host than the site's own is passed over, and so is what is none.
 * https://www.sitemaps.org/protocol.html, https://www.rfc-editor.org/rfc/rfc9309
 * @param ask one request to a host of the site
 * @param hosts the site's own, the only ones that are asked
 */
export async function pagesInSitemaps(
  ask: (page: Page) => Promise<ProbeResult>,
  host: string,
  hosts: readonly string[],
): Promise<readonly Page[]> {
  const at = (path: string) => textAt(ask, { host, path });
  const [first, robots = ''] = await Promise.all([at('/sitemap.xml'), at('/robots.txt')]);
  if (first !== undefined) return pagesIn(ask, first, hosts);
  const named = [...robots.matchAll(/^[ \t]{0,20}sitemap:[ \t]{0,20}(\S{1,2000})/gim)].map(([, url = '']) => url);
  const read = async (sitemap: Page) => {
    const text = await textAt(ask, sitemap);
    return text === undefined ? [] : pagesIn(ask, text, hosts);
  };
  return (await Promise.all(pagesOf(named, hosts).slice(0, MOST_SITEMAPS).map(read))).flat();
}

/** An index of sitemaps is followed once: none of them may be an index again. */
async function pagesIn(
  ask: (page: Page) => Promise<ProbeResult>,
  sitemap: string,
  hosts: readonly string[],
): Promise<readonly Page[]> {
  if (!/<sitemapindex[\s>]/i.test(sitemap)) return locationsIn(sitemap, hosts);
  const parts = locationsIn(sitemap, hosts).slice(0, MOST_SITEMAPS);
  const texts = await Promise.all(parts.map((part) => textAt(ask, part)));
  return texts.flatMap((text = '') => (/<sitemapindex[\s>]/i.test(text) ? [] : locationsIn(text, hosts)));
}

async function textAt(ask: (page: Page) => Promise<ProbeResult>, page: Page): Promise<string | undefined> {
  const answer = await ask(page);
  return 'error' in answer || answer.status !== 200 ? undefined : answer.text.slice(0, MOST_CHARACTERS);
}

function locationsIn(sitemap: string, hosts: readonly string[]): readonly Page[] {
  const locations = [...sitemap.matchAll(/<loc>\s{0,20}([^<\s]{1,2000})/gi)].map(([, url = '']) =>
    withoutEntities(url),
  );
  return pagesOf(locations, hosts);
}

function pagesOf(urls: readonly string[], hosts: readonly string[]): readonly Page[] {
  return urls.flatMap((text): Page[] => {
    if (!URL.canParse(text)) return [];
    const url = new URL(text);
    // Asked over https whatever it says: the site's own hosts have both.
    if (!/^https?:$/.test(url.protocol) || !hosts.includes(url.host)) return [];
    return [{ host: url.host, path: `${url.pathname}${url.search}` }];
  });
}
