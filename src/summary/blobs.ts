import type { BlobChange, BlobReview } from '../deployment/blob-changes.ts';
import { code, paragraphs, rows, table, text } from './markdown.ts';

/**
 * What became of the blobs to which a database of the snapshot leads.
 * @param most rows of the table; the rest is counted
 */
export function blobsSection(blobs: BlobReview, most: number): string {
  return `#### Blobs since the snapshot\n\n${blobs.unseen ? unseenText(blobs, blobs.unseen) : seenText(blobs, most)}`;
}

function unseenText({ account }: BlobReview, why: NonNullable<BlobReview['unseen']>): string {
  const at = code(account);
  const whys = {
    'no-right': `the identity of this run may not list them, which \`Storage Blob Data Reader\` on ${at} would let it.`,
    network: `${at} lets in nobody from where this runner is.`,
    'no-answer': `${at} gave no answer in time.`,
  };
  return `Which were deleted or overwritten is not known: ${whys[why]}`;
}

function seenText(blobs: BlobReview, most: number): string {
  const { account, since, changes, deleted, overwritten, gone, isCut, hasVersions } = blobs;
  const changed = deleted + overwritten + gone;
  return paragraphs(
    `In ${code(account)} since ${text(since)}: ${deleted} deleted, ${overwritten} overwritten${gone > 0 ? `, and ${gone} gone, perhaps before: of a blob with versions Azure does not tell when it was deleted` : ''}.`,
    changed > 0 &&
      'A rollback of the databases does not bring blobs back: the content would lead to blobs that are gone or are not what they were. What Azure still has of them can be restored.',
    changes.length > 0 &&
      table(
        ['Blob', 'What', 'When (UTC)'],
        rows(changes, most, (change) => [code(`${change.container}/${change.name}`), change.what, whenText(change)]),
      ),
    isCut && `Only ${blobs.blobs} blobs, in ${blobs.containers} containers, were looked at; there are more.`,
    blobs.blobs > 0 &&
      !hasVersions &&
      'None has versions: one that was overwritten cannot be told from a new one, and one that was deleted is seen only where soft delete keeps it.',
  );
}

function whenText({ what, at }: BlobChange): string {
  const time = at.slice(0, 19).replace('T', ' ');
  return what === 'gone' ? `not before ${time}` : time;
}
