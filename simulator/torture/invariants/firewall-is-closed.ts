import { bareName } from '../../../src/settings/database-key.ts';
import type { World } from '../../model/world.ts';
import type { Invariant } from '../invariant.ts';

export const firewallIsClosed: Invariant = {
  name: 'firewall-is-closed',
  holds:
    'Firewall rules of a run are gone after its post step, and all of them after cleanup; status names one that is left.',
  watch({ world, phase, allows }) {
    const ours = () =>
      Object.values(world.sql.servers).flatMap((server) =>
        Object.keys(server.firewallRules).filter((name) => name.startsWith('zdd-')),
      );
    let mayStay = allows.has('rules');
    let before = ours();
    return {
      ran(end) {
        if (!end.hasPost) mayStay = true;
        const [there, rules] = [before.filter((name) => ours().includes(name)), end.report?.overview?.rules];
        before = ours();
        const told = new Set(rules?.map(({ name }) => bareName(name).toLowerCase()));
        const untold = there.filter((rule) => rules !== undefined && isOver(world, rule) && !told.has(rule));
        if (untold.length > 0)
          return `status does not tell of rule ${untold.join(', ')}, which no open deployment made`;
        const left = ours().filter((rule) => end.rules.some(({ name }) => name.toLowerCase() === rule));
        if (mayStay || left.length === 0) return undefined;
        return `rule ${left.join(', ')} is still open after the post step`;
      },
      end(isGreen) {
        if (ours().length === 0) return undefined;
        if (!mayStay) return `rule ${ours().join(', ')} is still open after every run has ended`;
        if (!isGreen || phase !== 'cleanup') return undefined;
        return `rule ${ours().join(', ')} is still open after cleanup`;
      },
    };
  },
};

/** Nothing on any server is of the deployment that the rule is named by. */
function isOver(world: World, rule: string): boolean {
  const [id = ''] = /\d{8}-[a-z0-9]{5}/.exec(rule) ?? [];
  const databases = Object.values(world.sql.servers).flatMap((server) => Object.values(server.databases));
  return !databases.some(({ name, tags }) => name.includes(id) || tags['zdd-deployment'] === id);
}
