import { withoutEntities } from '../azure/entities.ts';
import { type ProbeResult, probe } from '../azure/probe.ts';
import type { Scene } from '../context/scene.ts';
import { headersOf, pathsOf } from '../context/visitor-paths.ts';
import type { Slot } from '../deployment/observed.ts';
import type { PagePair, PageSeen, Review } from '../deployment/review.ts';
import { type Page, pagesInSitemaps } from './sitemap.ts';

/** Visitors wait while reviewers are served, and both builds answer for it: so much is asked at the most, so many pages at once. */
const MOST_HOSTS = 10;
const FROM_SITEMAPS = 10;
const MOST_PAGES = 100;
const AT_ONCE = 8;
/** From the first request on, and for the sitemaps alone: what is not begun by then is left out, however slow the site is. */
const MOST_MS = 120_000;
const SITEMAPS_MS = 60_000;
/** Shorter than for a check: a page that takes longer is told as one that gave no answer. */
const TIMEOUT_MS = 15_000;

const LONGEST_TITLE = 80;

/**
 * Pages of the site as production answers them and as the candidate does: the paths that visitors are tried on, those that were
 * given for this, and the first of the sitemaps, under each host name of the site. A CMS tells its sites apart by the host, and Azure
 * leads a host of production to production, whoever asks: so the candidate is asked at its own address, and told the host in
 * `X-Forwarded-Host`, which it may heed or not.
 */
export async function reviewPages(
  scene: Scene,
  candidate: Slot,
): Promise<Pick<Review, 'pages' | 'leftOut' | 'silentHosts'>> {
  const { production } = scene.observed;
  const { clock } = scene.context.ports;
  const beganAt = clock.now();
  const mayGoOn = (ms: number) => () => clock.now() - beganAt < ms;
  const forSitemap = async (page: Page): Promise<ProbeResult> =>
    mayGoOn(SITEMAPS_MS)() ? asked(scene, page) : { error: 'there was no time for it', ms: 0 };
  const own = [production.host, ...production.site.customHosts.filter((host) => host !== production.host)];
  const hosts = own.slice(0, MOST_HOSTS);
  // A name of which nobody answers here would cost a wait a page: the network of the runner may not lead there.
  const home = await inTurns(hosts, (host) => asked(scene, { host, path: scene.settings.healthPath }));
  const silent = hosts.filter((_, index) => Object.hasOwn(home[index] ?? {}, 'error') && index > 0);
  const heard = hosts.filter((host) => !silent.includes(host));
  const sitemaps = await inTurns(heard, (host) => pagesInSitemaps(forSitemap, host, heard));
  const first = heard.flatMap((host) => givenPaths(scene).map((path) => ({ host, path })));
  const more = sitemaps.flatMap((pages) => distinct(pages).slice(0, FROM_SITEMAPS));
  const pages = distinct([...first, ...more]).slice(0, MOST_PAGES);
  const pairs = await inTurns(pages, (page) => pairAt(scene, candidate, page), mayGoOn(MOST_MS));
  return {
    pages: pairs,
    leftOut: distinct([...first, ...sitemaps.flat()]).length - pairs.length,
    silentHosts: silent,
  };
}

function givenPaths({ settings }: Scene): readonly string[] {
  return [...new Set([...pathsOf(settings), ...settings.reviewPaths])];
}

function distinct(pages: readonly Page[]): readonly Page[] {
  return [...new Map(pages.map((page) => [`${page.host}${page.path}`, page])).values()];
}

async function pairAt(scene: Scene, candidate: Slot, { host, path }: Page): Promise<PagePair> {
  const isForwarded = host !== scene.observed.production.host;
  const [production, shown] = await Promise.all([
    asked(scene, { host, path }),
    asked(scene, { host: candidate.host, path }, isForwarded ? { 'x-forwarded-host': host } : {}),
  ]);
  return { host, path, production: seen(host, path, production), candidate: seen(candidate.host, path, shown) };
}

/** One request as a visitor sends it, with the user's probe headers: to hosts of the app alone. */
function asked(scene: Scene, { host, path }: Page, more: Readonly<Record<string, string>> = {}): Promise<ProbeResult> {
  const { ports, signal } = scene.context;
  const headers = { ...headersOf(scene.settings), ...more };
  return probe(ports.send, ports.clock, { url: `https://${host}${path}`, headers, timeoutMs: TIMEOUT_MS }, signal);
}

function seen(host: string, path: string, answer: ProbeResult): PageSeen {
  const page = { url: `https://${host}${path}`, ms: Math.round(answer.ms) };
  if ('error' in answer) return { ...page, status: undefined, bytes: 0, title: '' };
  return { ...page, status: answer.status, bytes: Buffer.byteLength(answer.text), title: titleOf(answer.text) };
}

function titleOf(html: string): string {
  const title = /<title[^>]{0,200}>([^<]{0,400})/i.exec(html)?.[1] ?? '';
  return withoutEntities(title).replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_TITLE);
}

/** The results in the order of what was given; of the last ones none when it may not go on. */
async function inTurns<T, R>(
  all: readonly T[],
  work: (one: T) => Promise<R>,
  mayGoOn = () => true,
): Promise<readonly R[]> {
  const left = [...all];
  const results: R[] = [];
  while (left.length > 0 && mayGoOn()) results.push(...(await Promise.all(left.splice(0, AT_ONCE).map(work))));
  return results;
}
