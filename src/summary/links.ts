import type { Observed } from '../deployment/observed.ts';
import { slots } from '../deployment/slots.ts';
import type { GitHubContext } from '../settings/github.ts';
import { link } from './markdown.ts';

/** Where somebody looks or presses next. No address holds the id of the subscription: GitHub blots it out where it is a secret. */
export interface Links {
  /** Such as `https://github.com`; undefined outside GitHub. */
  readonly serverUrl?: string | undefined;
  /** The pages of this run, where its jobs are run again and reviewers are asked, and of all workflows; undefined outside GitHub. */
  readonly run?: string | undefined;
  readonly workflows?: string | undefined;
  /** In the order in which they are shown. */
  readonly places: readonly { readonly label: string; readonly url: string }[];
}

/** Without a look only the pages of GitHub are known. */
export function linksOf(github: GitHubContext, observed?: Observed): Links {
  const { serverUrl, repository, runId } = github;
  const actions = serverUrl && repository ? `${serverUrl}/${repository}/actions` : undefined;
  return {
    serverUrl,
    run: actions && runId ? `${actions}/runs/${runId}` : undefined,
    workflows: actions,
    places: observed ? placesOf(observed) : [],
  };
}

/**
 * The log stream is the one that the portal shows, at its source.
 * https://github.com/projectkudu/kudu/wiki/Diagnostic-Log-Stream
 */
function placesOf(observed: Observed): Links['places'] {
  const others = slots(observed).filter(({ state }) => state === 'Running');
  return [observed.production, ...others].flatMap((slot) => {
    const name = slot === observed.production ? 'Production' : slot.name;
    return [
      { label: name, url: `https://${slot.host}` },
      { label: 'its log', url: `https://${slot.scmHost}/api/logstream` },
    ];
  });
}

/** All of them on one line. */
export function linksLine({ run, workflows, places }: Links): string {
  const pages = [
    ...(run ? [{ label: 'This run', url: run }] : []),
    ...(workflows ? [{ label: 'All workflows', url: workflows }] : []),
  ];
  return [...pages, ...places].map(({ label, url }) => link(label, url)).join(' · ');
}

/** A run as the record tells it (`owner/repository/run id/attempt`): a link where GitHub has a page of it. */
export function runLink(run: string, { serverUrl }: Pick<Links, 'serverUrl'>): string {
  const [, repository, id, attempt] = /^((?!by-hand\/)[\w.-]+\/[\w.-]+)\/(\d+)\/(\d+)$/.exec(run) ?? [];
  return link(run, serverUrl && repository ? `${serverUrl}/${repository}/actions/runs/${id}/attempts/${attempt}` : '');
}
