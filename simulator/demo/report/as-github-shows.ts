import { Marked } from 'marked';
import markedAlert from 'marked-alert';

const renderer = new Marked({ gfm: true, async: false }, markedAlert());

/** Markdown of a step summary as HTML: tables, folded parts and alerts as on GitHub, which shows no script and loads nothing. */
export function asGitHubShows(markdown: string): string {
  return String(renderer.parse(markdown));
}
