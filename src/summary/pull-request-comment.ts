import { askGitHub, type Repository } from '../context/github-api.ts';
import { inTime } from '../context/in-time.ts';
import { messageOf } from '../errors.ts';
import type { Ports } from '../ports.ts';
import type { Settings } from '../settings/settings.ts';
import { text } from './markdown.ts';
import { type RunReport, summaryOf } from './summary.ts';

/** GitHub takes 65536 characters: https://github.com/orgs/community/discussions/27190 */
const LONGEST = 60_000;
const PAGES = 10;
const PAGE = 100;

/**
 * Shows the page of a run on its pull request, as one comment that every further run writes anew. Less without a token or a pull
 * request, and never a failure: the page of the run has it all.
 * @param masked takes secrets out: GitHub does so in logs, and not in comments
 */
export async function commentOnPullRequest(
  report: RunReport,
  settings: Settings,
  { send, log, clock }: Pick<Ports, 'send' | 'log' | 'clock'>,
  masked: (text: string) => string,
  signal: AbortSignal,
): Promise<void> {
  const { commentOnPullRequest: asked, github, hooks } = settings;
  if (asked === false) return;
  const pullRequest = asked === true ? github.pullRequest : asked;
  if (pullRequest === undefined) {
    log.info('No comment was written: this run is of no pull request.');
    return;
  }
  const mark = `<!-- zdd-action ${settings.resourceGroup}/${settings.appName} -->`.toLowerCase();
  const body = `${mark}\n${shortened(masked(summaryOf(report)))}`;
  try {
    // Visitors may wait for the end of the run.
    const limitMs = hooks.timeout * 1000;
    const late = `no answer within ${limitMs} ms (hook-timeout)`;
    const write = async ({ issues, owner, repo }: Repository) => {
      for (let page = 1; page <= PAGES; page++) {
        const { data } = await issues.listComments({ owner, repo, issue_number: pullRequest, per_page: PAGE, page });
        // Somebody may quote the mark: only what a program wrote is written anew.
        const own = data.find((comment) => comment.body?.startsWith(mark) && comment.user?.type === 'Bot');
        if (own) return issues.updateComment({ owner, repo, comment_id: own.id, body });
        if (data.length < PAGE) break;
      }
      return issues.createComment({ owner, repo, issue_number: pullRequest, body });
    };
    const done = await inTime({ clock }, limitMs, late, signal, (limited) => askGitHub(send, github, limited, write));
    if (done === null)
      log.info('No comment was written: there is no token, or it may not (permissions: pull-requests: write).');
  } catch (error) {
    log.warning(`The pull request could not be commented: ${text(messageOf(error))}`);
  }
}

function shortened(page: string): string {
  if (page.length <= LONGEST) return page;
  const cut = page.slice(0, LONGEST);
  return `${cut.slice(0, cut.lastIndexOf('\n'))}\n\nThe rest stands on the page of the run.`;
}
