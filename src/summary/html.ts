import { Marked } from 'marked';

/** The tags that our own Markdown has; all else that looks like one is text of others. */
const NO_TAG_OF_OURS = /<(?!\/?(?:details|summary|br|sub|b)>)/g;

/**
 * Markdown of a summary as HTML. Text of others is neutral in it already (`text`, `code`); should any ever not be, it makes no tag, no
 * picture, and no address but one of https.
 */
export function htmlOf(markdown: string): string {
  return String(renderer.parse(markdown));
}

const renderer = new Marked(
  { gfm: true, async: false },
  {
    renderer: {
      html: ({ text: tags }) => tags.replaceAll(NO_TAG_OF_OURS, '&lt;'),
      // As GitHub shows `> [!WARNING]`.
      blockquote({ tokens }) {
        const body = this.parser.parse(tokens);
        const [mark, kind] = /^<p>\[!(WARNING|NOTE)\]\s*/.exec(body) ?? [];
        return kind === undefined || mark === undefined
          ? `<blockquote>${body}</blockquote>\n`
          : `<blockquote class="${kind.toLowerCase()}"><p>${body.slice(mark.length)}</blockquote>\n`;
      },
      image: ({ text: words }) => escapedHtml(words),
      link({ href, tokens }) {
        const label = this.parser.parseInline(tokens);
        return href.startsWith('https://') ? `<a href="${escapedHtml(href)}" rel="noreferrer">${label}</a>` : label;
      },
    },
  },
);

/** Text as it stands in HTML, also between quotes. */
export function escapedHtml(value: string): string {
  return value.replaceAll(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
}

/** As the renderer writes them. */
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
