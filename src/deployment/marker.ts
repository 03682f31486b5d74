/** Who an instance is: `<deployment id>/<role>/<attempt>`, carried by the app setting ZDD_INSTANCE through every swap. */
export interface Marker {
  readonly deploymentId: string;
  readonly role: Role;
  /** Counts deploys and rollbacks that changed something; 0 while an instance is only prepared and disarmed. */
  readonly attempt: number;
}

export type Role = 'read-only' | 'new' | 'live';

export const MARKER_SETTING = 'ZDD_INSTANCE';
export const BUILD_SETTING = 'ZDD_BUILD';
/** On the read-only copy: a digest of the copy-command that told it where its database is. */
export const TOLD_BY = 'ZDD_COPY_COMMAND';

export function formatMarker(marker: Marker): string {
  return `${marker.deploymentId}/${marker.role}/${marker.attempt}`;
}

/** Whether a slot holds what this deployment made in that role. */
export function holds(
  slot: { readonly marker: Marker | undefined } | null | undefined,
  deploymentId: string,
  role: Role,
): boolean {
  return slot?.marker?.deploymentId === deploymentId && slot.marker.role === role;
}

/** The marker in a slot's app settings; undefined when there is none or it is not of our form. */
export function parseMarker(text: string | undefined): Marker | undefined {
  const parts = /^(\d{8}-[a-z0-9]{5})\/(read-only|new|live)\/(\d+)$/.exec(text ?? '');
  if (!parts?.[1] || !parts[2]) return undefined;
  return { deploymentId: parts[1], role: parts[2] as Role, attempt: Number(parts[3]) };
}
