/** One request of a visitor, and what came of it. Times are real time, in milliseconds since the epoch. */
export interface Visit {
  readonly kind: 'read' | 'write';
  readonly path: string;
  /** Of a write: the order's id, chosen by the visitor. */
  readonly id?: string;
  readonly at: number;
  /** From sending to the end of the answer. */
  readonly ms: number;
  /** 0 when no answer came. */
  readonly status: number;
  /** Why no whole answer came. */
  readonly error?: string;
  /** Who answered, by its own words; empty when nobody of the shop did. */
  readonly instance: string;
  readonly version: string;
  readonly database: string;
  /** `ZDD_INSTANCE` of the instance: empty for a build that no deployment prepared. */
  readonly marker: string;
  /** Of a refused write: whether the shop refused or, when the shop forgot to, its database. */
  readonly refusedBy?: string;
}

export type Outcome = 'ok' | 'refused' | 'failed';

/**
 * A read is ok when it was answered with 200. A write is ok when it was accepted with 201; it is refused when the shop
 * itself said that it takes no orders now. All else failed, a 503 of the front door too.
 */
export function outcomeOf(visit: Visit): Outcome {
  if (visit.error !== undefined) return 'failed';
  if (visit.kind === 'read') return visit.status === 200 ? 'ok' : 'failed';
  if (visit.status === 201) return 'ok';
  return visit.status === 503 && visit.refusedBy ? 'refused' : 'failed';
}

export type Role = 'live build' | 'read-only copy' | 'new build' | 'nobody';

/** Which part in the deployment the instance plays that answered, by its marker `<deployment id>/<role>/<attempt>`. */
export function roleOf(visit: Pick<Visit, 'marker' | 'instance'>): Role {
  if (visit.instance === '') return 'nobody';
  const role = visit.marker.split('/')[1];
  if (role === 'read-only') return 'read-only copy';
  if (role === 'new') return 'new build';
  return 'live build';
}
