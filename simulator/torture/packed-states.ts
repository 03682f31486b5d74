import { deserialize, serialize } from 'node:v8';
import type { Call } from './call.ts';
import { scenarios } from './scenarios.ts';
import type { State } from './states.ts';

/** States as bytes, to be handed to another process of the sweep: what leads to them is then played once and not in each. */
export function packed(states: readonly State[]): Uint8Array {
  const plain = states.map(({ scenario, calls, ...state }) => ({
    ...state,
    scenario: scenario.name,
    calls: calls.map(plainCall),
  }));
  return serialize(plain);
}

export function unpacked(bytes: Uint8Array): readonly State[] {
  const plain: readonly (Omit<State, 'scenario'> & { readonly scenario: string })[] = deserialize(bytes);
  return plain.map((state) => ({ ...state, scenario: scenarioNamed(state.scenario) }));
}

/** Without what only a call under way needs, such as whom to tell how far it is. */
function plainCall({ http, ...call }: Call): Call {
  if (http === undefined) return call;
  const { method, url, headers, body } = http;
  return { ...call, http: { method, url, headers, ...(typeof body === 'string' && { body }) } };
}

function scenarioNamed(name: string): State['scenario'] {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`There is no scenario ${name}.`);
  return found;
}
