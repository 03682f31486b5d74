import type { Answer } from './answer.ts';
import { type ArmCall, isJson, type Json, unmodelled } from './call.ts';
import { armRefusal } from './refusal.ts';

/** Limits: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations */
const MOST_TAGS = 50;
const LONGEST_VALUE = 256;
const LONGEST_NAME = 512;

/** `…/tags/default` of a resource group, an app or a slot: GET, PUT, PATCH, DELETE. */
export function tagsOf(call: ArmCall, tagged: { tags: Record<string, string> }): Answer {
  const { scope } = call.path;
  if (call.method === 'DELETE') {
    tagged.tags = {};
    return { status: 200 };
  }
  if (call.method !== 'GET') tagged.tags = tagsAfter(call.method, call.body, tagged.tags);
  return { status: 200, body: tagsBody(scope, tagged.tags) };
}

/** The tags of a resource group; the door has refused what is none. */
export function groupTags(call: ArmCall): Answer {
  const group = call.world.resourceGroups[call.path.resourceGroup?.toLowerCase() ?? ''];
  if (group === undefined) throw unmodelled(call);
  return tagsOf(call, group);
}

/** The tags after `Microsoft.Resources/tags/default` was written with this body; names are compared without case. */
function tagsAfter(method: string, body: unknown, current: Readonly<Record<string, string>>): Record<string, string> {
  const given = isJson(body) && isJson(body.properties) && isJson(body.properties.tags) ? body.properties.tags : {};
  const operation = method === 'PUT' ? 'Replace' : isJson(body) ? body.operation : undefined;
  if (operation === 'Replace') return checked(texts(given));
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  const others = Object.fromEntries(Object.entries(current).filter(([name]) => !names.has(name.toLowerCase())));
  if (operation === 'Merge') return checked({ ...others, ...texts(given) });
  if (operation === 'Delete') return others;
  throw armRefusal(400, 'InvalidTagPatchOperation', `The tag patch operation '${operation}' is not valid.`);
}

/** The body of `Microsoft.Resources/tags/default` at a scope. */
export function tagsBody(scope: string, tags: Readonly<Record<string, string>>): Json {
  return {
    id: `${scope}/providers/Microsoft.Resources/tags/default`,
    name: 'default',
    type: 'Microsoft.Resources/tags',
    properties: { tags },
  };
}

function texts(given: Json): Record<string, string> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
}

function checked(tags: Record<string, string>): Record<string, string> {
  if (Object.keys(tags).length > MOST_TAGS) {
    throw armRefusal(400, 'BadRequest', `The number of tags on a resource cannot exceed ${MOST_TAGS}.`);
  }
  for (const [name, value] of Object.entries(tags)) {
    if (value.length > LONGEST_VALUE)
      throw armRefusal(
        400,
        'InvalidTagValueLength',
        `Tag value too large. Following tag value '${value}' exceeded the maximum length. Maximum allowed length for tag value - '${LONGEST_VALUE}' characters.`,
      );
    if (name.length > LONGEST_NAME)
      throw armRefusal(
        400,
        'InvalidTagNameLength',
        `Tag name too large. Maximum allowed length for tag name - '${LONGEST_NAME}' characters.`,
      );
  }
  return tags;
}
