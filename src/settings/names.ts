/**
 * Which names may become part of a path: inputs, tags and Azure's own answers are asked alike. None of them holds a slash, `?`,
 * `%` or a control character, and none is made of dots, so that no path leads anywhere else than it says.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 */
export function isResourceGroupName(name: string): boolean {
  return /^[\p{L}\p{N}_().-]{1,90}$/u.test(name) && !name.endsWith('.');
}

export function isAppName(name: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,58}[A-Za-z0-9])?$/.test(name);
}

/** Of a slot beside production. */
export function isSlotName(name: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,57}[A-Za-z0-9])?$/.test(name) && name.toLowerCase() !== 'production';
}

export function isServerName(name: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(name);
}

/** A `#` is allowed by Azure, and is escaped where a path is made. */
export function isDatabaseName(name: string): boolean {
  return /^[^<>*%&:\\/?\p{Cc}]{1,128}$/u.test(name) && !/[. ]$/.test(name);
}

export function isDeploymentId(name: string): boolean {
  return /^\d{8}-[a-z0-9]{5}$/.test(name);
}

/** Of a folder, which is what a WebJob is. */
export function isWebJobName(name: string): boolean {
  return /^[^<>*%&:\\/?#|"\p{Cc}]{1,260}$/u.test(name) && !/[. ]$/.test(name);
}
