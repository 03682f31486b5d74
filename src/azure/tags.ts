import type { Arm, AzureAnswer } from './arm.ts';

const TAGS_VERSION = '2021-04-01';

/**
 * Adds or changes tags of any resource; others stay. Restarts nothing.
 * For a database Azure answers 202 with a poll URL that does not work: read the resource until the tags show.
 * https://github.com/Azure/azure-cli/issues/27850
 * @returns the tags as they are then, where Azure says it at once
 */
export async function mergeTags(
  arm: Arm,
  resourceId: string,
  tags: Readonly<Record<string, string>>,
  until?: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await writeTags(arm, resourceId, 'Merge', tags, until);
  const body: { properties?: { tags?: unknown } } = Object(answer.status === 200 ? answer.json() : undefined);
  return Object(body.properties?.tags);
}

/** Takes away the tags of these names and values; names alone do not match. Sent twice it does nothing more. */
export async function deleteTags(arm: Arm, resourceId: string, tags: Readonly<Record<string, string>>): Promise<void> {
  await writeTags(arm, resourceId, 'Delete', tags);
}

async function writeTags(
  arm: Arm,
  resourceId: string,
  operation: 'Merge' | 'Delete',
  tags: Readonly<Record<string, string>>,
  until?: AbortSignal,
): Promise<AzureAnswer> {
  return arm.request({
    until,
    what: `write the tags of ${resourceId.split('/').at(-1)}`,
    method: 'PATCH',
    at: `${resourceId}/providers/Microsoft.Resources/tags/default`,
    version: TAGS_VERSION,
    body: { operation, properties: { tags } },
    repeat: operation === 'Delete' ? 'read' : 'write',
  });
}
