import { request } from '../../model/model.ts';
import { buildOf, production, recorded, slots } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

export const unhealthyBuildIsWithdrawn: Invariant = {
  name: 'unhealthy-build-is-withdrawn',
  holds:
    'A new build that becomes unhealthy before visitors is taken back and its verdict is void; visitors stay on it only where no read-only copy is healthy, and then it is said.',
  watch({ world, phase, mustEndRed }) {
    if (phase !== 'complete') return {};
    let status = 200;
    let said = '';
    let last = '';
    let wasUnhealthy = false;
    let now = 0;
    const servesUnhealthy = () => {
      const { instance } = production(world).occupant;
      return instance !== undefined && buildOf(world, instance)?.unhealthyForVisitors === true;
    };
    // One that has lost its database runs, and answers 500.
    const healthyCopy = () =>
      slots(world).find(({ state, host, occupant: { settings } }) => {
        if (state !== 'Running' || !/\/read-only\//.test(settings.ZDD_INSTANCE ?? '')) return false;
        const asked = { method: 'GET', url: `https://${host}/health`, headers: {}, from: '203.0.113.7' };
        return request(world, asked, now).status === 200;
      })?.name;
    return {
      step(moment) {
        ({ now } = moment);
        wasUnhealthy ||= servesUnhealthy();
        return undefined;
      },
      visit(seen) {
        ({ status } = seen);
        return undefined;
      },
      ran({ report }) {
        last = report?.failure?.happened ?? '';
        said += ` ${last}`;
        return undefined;
      },
      end(isGreen) {
        if (!wasUnhealthy) return undefined;
        if (isGreen) return 'complete is green, and the build that visitors met is unhealthy';
        // A run that was killed, or met another fault, has not decided yet: "complete" run again does.
        if (!mustEndRed && !/\bsoak\b/.test(last)) return undefined;
        // It was not "complete" that brought them there, and it tells who brings them back.
        if (/ which "complete" has not brought there/.test(last)) return undefined;
        const serving = production(world).occupant.settings.ZDD_INSTANCE ?? '';
        if (/\/read-only\//.test(serving)) {
          const verdict = recorded(world, 'zdd-verdict');
          if (verdict !== undefined) return `the new build became unhealthy, and its verdict holds: ${verdict}`;
          return status === 200 ? undefined : `visitors are back on the read-only copy and get ${status}`;
        }
        const copy = healthyCopy();
        if (copy !== undefined)
          return `visitors are left on the unhealthy build, and the read-only copy in ${copy} is healthy`;
        return /\bsoak\b.*read-only copy/.test(said) ? undefined : `nobody is told that it is unhealthy:${said}`;
      },
    };
  },
};
