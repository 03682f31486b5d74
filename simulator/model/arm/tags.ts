import { type Answer, armError } from './answer.ts';
import { isJson, type Json } from './call.ts';

/** Limits: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations */
const MOST_TAGS = 50;
const LONGEST_VALUE = 256;
const LONGEST_NAME = 512;

/** The tags after `Microsoft.Resources/tags/default` was written with this body; names are compared without case. */
export function tagsAfter(
  method: string,
  body: unknown,
  current: Readonly<Record<string, string>>,
): Record<string, string> | Answer {
  const given = isJson(body) && isJson(body.properties) && isJson(body.properties.tags) ? body.properties.tags : {};
  const operation = method === 'PUT' ? 'Replace' : isJson(body) ? body.operation : undefined;
  if (operation === 'Replace') return checked(texts(given));
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  const others = Object.fromEntries(Object.entries(current).filter(([name]) => !names.has(name.toLowerCase())));
  if (operation === 'Merge') return checked({ ...others, ...texts(given) });
  if (operation === 'Delete') return others;
  return armError(400, 'InvalidTagPatchOperation', `The tag patch operation '${operation}' is not valid.`);
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

function checked(tags: Record<string, string>): Record<string, string> | Answer {
  if (Object.keys(tags).length > MOST_TAGS) {
    return armError(400, 'BadRequest', `The number of tags on a resource cannot exceed ${MOST_TAGS}.`);
  }
  for (const [name, value] of Object.entries(tags)) {
    if (value.length > LONGEST_VALUE)
      return armError(
        400,
        'InvalidTagValueLength',
        `Tag value too large. Following tag value '${value}' exceeded the maximum length. Maximum allowed length for tag value - '${LONGEST_VALUE}' characters.`,
      );
    if (name.length > LONGEST_NAME)
      return armError(
        400,
        'InvalidTagNameLength',
        `Tag name too large. Maximum allowed length for tag name - '${LONGEST_NAME}' characters.`,
      );
  }
  return tags;
}
