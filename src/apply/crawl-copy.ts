import { withoutEntities } from '../azure/entities.ts';
import { type ProbeResult, probe } from '../azure/probe.ts';
import { pageForms } from '../context/page-forms.ts';
import type { Scene } from '../context/scene.ts';
import { headersOf, pathsOf } from '../context/visitor-paths.ts';
import { profileOf } from '../profiles/profiles.ts';
import { pagesInSitemaps } from './sitemap.ts';

/** Nobody waits for it, and the copy has no visitors yet: so many pages, so many at once, so long each. */
const MOST_PAGES = 60;
const FROM_SITEMAP = 30;
const AT_ONCE = 6;
const TIMEOUT_MS = 15_000;

/**
 * Pages of the read-only copy that end in an error, or show a form where the platform shows none, of those that visitors are tried on, the first of the sitemap, and what they link to: what
 * cannot work read-only and is not guarded shows there before visitors meet it. A page that fails in production as well is no news.
 * A sentence for each kind with all of them, or none. Decides nothing.
 */
export async function crawlCopy(scene: Scene, host: string): Promise<readonly string[]> {
  const { production } = scene.observed;
  const hosts = [production.host, ...production.site.customHosts];
  const listed = await pagesInSitemaps((page) => get(scene, page.host, page.path), production.host, hosts);
  const own = listed.filter((page) => page.host === production.host).map(({ path }) => path);
  const known = new Set([...pathsOf(scene.settings), ...scene.settings.reviewPaths, ...own.slice(0, FROM_SITEMAP)]);
  const failing: { readonly path: string; readonly said: string }[] = [];
  const open: string[] = [];
  // The set grows while it is gone through: what a page links to is asked as well, but not what that links to.
  const first = known.size;
  let done = 0;
  while (done < Math.min(known.size, MOST_PAGES)) {
    const paths = [...known].slice(done, Math.min(done + AT_ONCE, MOST_PAGES));
    const answers = await Promise.all(paths.map((path) => get(scene, host, path)));
    for (const [index, answer] of answers.entries()) {
      const path = paths[index] ?? '/';
      if (isError(answer)) failing.push({ path, said: wordsOf(answer) });
      else if (!('error' in answer) && pageForms(answer.text).open > 0) open.push(path);
      if (done + index < first && !isError(answer))
        for (const link of linksIn(answer, [host, ...hosts])) known.add(link);
    }
    done += paths.length;
  }
  const doubts = [...errors(await onlyHere(scene, failing), done), ...openForms(scene, open, done)];
  for (const doubt of doubts) scene.context.ports.log.warning(doubt);
  return doubts;
}

function errors(news: readonly { readonly path: string; readonly said: string }[], done: number): readonly string[] {
  if (news.length === 0) return [];
  const pages = news.map(({ path, said }) => `${path} (${said})`).join(', ');
  return [
    `On the read-only copy ${news.length} of ${done} pages end in an error that production does not show: ${pages}. Guard them, or let them show a page that explains it.`,
  ];
}

/** On other platforms a form may stand there, and say when it is sent that nothing can be written. */
function openForms({ settings }: Scene, open: readonly string[], done: number): readonly string[] {
  if (!profileOf(settings.profile).needs.disabledForms || open.length === 0) return [];
  return [
    `On the read-only copy ${open.length} of ${done} pages show a form that can be sent, although nothing can be written: ${open.join(', ')}. Check that the application reads its read-only switch, and disable them.`,
  ];
}

async function onlyHere<T extends { readonly path: string }>(
  scene: Scene,
  failing: readonly T[],
): Promise<readonly T[]> {
  const today = await Promise.all(failing.map(({ path }) => get(scene, scene.observed.production.host, path)));
  return failing.filter((_, index) => !isError(today[index]));
}

function isError(answer: ProbeResult | undefined): boolean {
  return answer === undefined || 'error' in answer || answer.status >= 500;
}

function wordsOf(answer: ProbeResult): string {
  return 'error' in answer ? 'no answer' : String(answer.status);
}

/** Links of a page to the site itself, as paths; what is foreign, a file, or a way out of the session is none. */
function linksIn(answer: ProbeResult, hosts: readonly string[]): readonly string[] {
  if ('error' in answer) return [];
  const hrefs = [...answer.text.matchAll(/<a\s[^>]{0,500}?href\s{0,5}=\s{0,5}["']([^"'<>\s]{1,500})["']/gi)];
  return hrefs.flatMap(([, href = '']) => {
    const url = withoutEntities(href);
    const base = `https://${hosts[0]}/`;
    if (!URL.canParse(url, base)) return [];
    const { protocol, host, pathname, search } = new URL(url, base);
    const isPage =
      /^https?:$/.test(protocol) && hosts.includes(host) && !/\.(?!html?$|aspx?$|php$)\w{2,5}$/i.test(pathname);
    return isPage && !/log-?out|sign-?out/i.test(pathname) ? [`${pathname}${search}`] : [];
  });
}

function get({ context, settings }: Scene, host: string, path: string): Promise<ProbeResult> {
  const { ports, signal } = context;
  const headers = headersOf(settings);
  return probe(ports.send, ports.clock, { url: `https://${host}${path}`, headers, timeoutMs: TIMEOUT_MS }, signal);
}
