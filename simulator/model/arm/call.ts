import { Unmodelled, type World } from '../world.ts';
import type { Answer } from './answer.ts';
import type { ArmPath } from './path.ts';

/** A request to Azure Resource Manager, signed in and allowed. */
export interface ArmCall {
  readonly world: World;
  readonly now: number;
  /** Who asks: one of the world's principals. */
  readonly clientId: string;
  readonly method: string;
  readonly url: URL;
  readonly path: ArmPath;
  /** Names in the path, by what its route calls them. */
  readonly names: Readonly<Record<string, string>>;
  /** The JSON body; undefined when there was none. */
  readonly body: unknown;
}

/** Answers one kind of request, or throws: a `Refusal` as Azure refuses, {@link Unmodelled} for what is not known. */
export type ArmHandler = (call: ArmCall) => Answer;

/** For what only a handler can see that it does not know. */
export function unmodelled(call: ArmCall): Unmodelled {
  return new Unmodelled(`${call.method} ${call.url.pathname}`);
}

/** A JSON object from outside. */
export type Json = Record<string, unknown>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The `properties` of a body; empty when there are none. */
export function propertiesOf(body: unknown): Json {
  return isJson(body) && isJson(body.properties) ? body.properties : {};
}
