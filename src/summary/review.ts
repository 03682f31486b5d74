import type { Gap } from '../deployment/gap.ts';
import { type DatabaseReview, isAlike, newlyFails, type PageSeen, type Review } from '../deployment/review.ts';
import type { SchemaDifference } from '../deployment/schema-difference.ts';
import { blobsSection } from './blobs.ts';
import { type Links, runLink } from './links.ts';
import { code, link, paragraphs, rows, table, text } from './markdown.ts';
import { shortBuild } from './whereabouts.ts';

/** GitHub shows a page up to a size, and a person reads less. */
const MOST_ROWS = 60;

/**
 * Production and the candidate side by side, what a reviewer must not miss on top.
 * @param most rows of each table; the rest is counted
 */
export function reviewSection(review: Review, links: Links, most = MOST_ROWS): string {
  const { builds, begun, databases, settings, gap, blobs } = review;
  return paragraphs(
    `#### To decide\n\n${[
      `- Build ${buildText(builds.candidate)} in the place of ${buildText(builds.live)}. Begun by ${text(begun.by)} in run ${runLink(begun.run, links)}.`,
      ...databases.map(versionLine),
      `- ${gapText(gap)}`,
      '- **Approve:** `complete` sends visitors to the candidate, and they can write again.',
      '- **Reject:** visitors stay on the read-only copy. Then roll back, or deploy another package with `roll-forward`.',
      `- **Later:** ${codeAlone(databases)}`,
    ].join('\n')}`,
    `#### Pages, as visitors get them now and as the candidate answers\n\n${pagesText(review, most)}`,
    ...databases.map(({ name, differences }) => `#### Tables of ${code(name)}\n\n${tablesText(differences, most)}`),
    `#### Settings that will change for visitors\n\n${settingsText(settings, most)}`,
    blobs && blobsSection(blobs, most),
  );
}

function buildText(build: string | undefined): string {
  return build === undefined ? 'that nobody marked' : code(shortBuild(build));
}

function versionLine({ name, versionBefore, versionNow }: DatabaseReview): string {
  if (versionBefore === undefined || versionNow === undefined) return `- Schema version of ${code(name)}: not known.`;
  if (versionBefore === versionNow) return `- Schema version of ${code(name)}: ${code(versionNow)}, as before.`;
  return `- Schema version of ${code(name)}: ${code(versionBefore)} before, ${code(versionNow)} now.`;
}

/** What visitors do not see on the copy, though it was written before they came there. */
function gapText(gap: Gap | undefined): string {
  const between = 'Between the snapshot and the switch';
  if (gap === undefined) return `${between}: nobody could ask what was written.`;
  if (gap.rows === 0) return `${between}: no table got or lost a row.`;
  return `${between}: ${text(gap.tables.join(', '))}. The copy does not show these rows; the databases have them, and the candidate works on them.`;
}

/** What a rollback after the approval would cost: above all what visitors write from then on. */
function codeAlone(databases: Review['databases']): string {
  if (databases.every(({ versionBefore, versionNow }) => versionNow !== undefined && versionBefore === versionNow)) {
    return 'the code alone can be rolled back after that; nothing that visitors write is lost.';
  }
  return 'nobody knows that the old build works with this schema. A rollback after that takes the databases back, too, and loses what visitors write from then on.';
}

function pagesText({ pages, leftOut, silentHosts }: Review, most: number): string {
  const sorted = [...pages].sort((one, other) => urgency(one) - urgency(other));
  const hosts = new Set(pages.map(({ host }) => host));
  const name = ({ host, path }: Review['pages'][number]) => code(hosts.size > 1 ? `${host}${path}` : path);
  return paragraphs(
    table(
      ['', 'Path', 'Production now', 'Candidate'],
      rows(sorted, most, (pair) => [mark(pair), name(pair), pageText(pair.production), pageText(pair.candidate)]),
    ),
    leftOut > 0 &&
      `There are ${leftOut} more, for which there was no room or no time; \`review-paths\` asks first for those that matter.`,
    hosts.size > 1 &&
      'The candidate was asked at its own address, with the host name in `X-Forwarded-Host`: an app that does not heed it shows its default site there.',
    silentHosts.length > 0 && `Nobody answered at ${silentHosts.map(code).join(', ')}, asked from this runner.`,
  );
}

function urgency(pair: Review['pages'][number]): number {
  return newlyFails(pair) ? 0 : isAlike(pair) ? 2 : 1;
}

function mark(pair: Review['pages'][number]): string {
  if (newlyFails(pair)) return '🔴 **fails**';
  return isAlike(pair) ? 'alike' : '🟡 differs';
}

function pageText({ url, status, ms, bytes, title }: PageSeen): string {
  if (status === undefined) return `${link('no answer', url)} in ${ms} ms`;
  return [`**${link(String(status), url)}**`, `${ms} ms`, sizeText(bytes), title && `“${text(title)}”`]
    .filter((part) => part)
    .join(', ');
}

function sizeText(bytes: number): string {
  return bytes < 10_000 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} KiB`;
}

function tablesText(differences: readonly SchemaDifference[] | undefined, most: number): string {
  if (differences === undefined) return 'Could not be asked.';
  if (differences.length === 0) return 'None was added, changed or dropped, and each has as many rows as in the copy.';
  return table(
    ['Table', 'What', 'Columns', 'Rows before', 'Rows now'],
    rows(differences, most, ({ table: name, what, columns, rowsBefore, rowsAfter }) => [
      code(name),
      what === 'dropped' ? '🔴 **dropped**' : what === 'rows' ? 'other rows' : what,
      rows(columns, most, (column) => [text(column)]).join('<br>'),
      String(rowsBefore ?? ''),
      String(rowsAfter ?? ''),
    ]),
  );
}

function settingsText(settings: Review['settings'], most: number): string {
  if (settings.length === 0) return 'None.';
  return table(
    ['Setting', 'What'],
    rows(settings, most, ({ name, what }) => [code(name), what]),
  );
}
