import type { Invariant } from '../invariant.ts';

export const firewallIsClosed: Invariant = {
  name: 'firewall-is-closed',
  holds: 'Firewall rules of a run are gone after its post step, and all of them after cleanup.',
  watch({ world, phase, allows }) {
    const ours = () =>
      Object.values(world.sql.servers).flatMap((server) =>
        Object.keys(server.firewallRules).filter((name) => name.startsWith('zdd-')),
      );
    let mayStay = allows.has('rules');
    return {
      ran(end) {
        if (!end.hasPost) mayStay = true;
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
