import { isDeepStrictEqual } from 'node:util';
import { production } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** Health check, auto-heal and the like travel in a swap: every build that comes to production must have them before. */
export const configIsKept: Invariant = {
  name: 'config-is-kept',
  holds: 'Whatever build serves, production has the configuration that it had before the deployment.',
  watch({ world, history }) {
    return {
      end(isGreen) {
        if (!isGreen) return undefined;
        const { config } = production(world).occupant;
        const changed = Object.keys(history.config).filter(
          (key) => !isImage(history.config[key]) && !isDeepStrictEqual(config[key], history.config[key]),
        );
        if (changed.length === 0) return undefined;
        return `${changed.join(', ')} of production became ${changed.map((key) => JSON.stringify(config[key])).join(', ')}`;
      },
    };
  },
};

/** An image is the build and no setting beside it: other invariants say which build may serve. */
function isImage(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('DOCKER|');
}
