import { Refusal } from '../arm/refusal.ts';

/** In the shape of Microsoft Graph. https://learn.microsoft.com/graph/errors */
export function graphRefusal(status: number, code: string, message: string): Refusal {
  return new Refusal({ status, body: { error: { code, message, innerError: {} } } }, message);
}

export function noSuchObject(id: string): Refusal {
  const rest = 'does not exist or one of its queried reference-property objects are not present.';
  return graphRefusal(404, 'Request_ResourceNotFound', `Resource '${id}' ${rest}`);
}

/** https://learn.microsoft.com/graph/errors: 409, the request conflicts with what is there. */
export function alreadyThere(message: string): Refusal {
  return graphRefusal(409, 'Request_MultipleObjectsWithSameKeyValue', message);
}
