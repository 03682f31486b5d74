import type { Json } from '../arm/call.ts';
import type { World } from '../world.ts';

/** A request to Microsoft Graph by somebody who may administer applications. */
export interface GraphCall {
  readonly world: World;
  readonly url: URL;
  /** The ids in the path, in its order. */
  readonly ids: readonly string[];
  readonly body: Json;
  /** The request, for what is not modelled. */
  readonly what: string;
}
