import { databases } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

export const oneDeploymentIsOpen: Invariant = {
  name: 'one-deployment-is-open',
  holds: 'At most one deployment holds the lock of an app, and of a database.',
  watch({ world }) {
    return {
      step() {
        const holder = new Map<string, string>();
        for (const { name, tags } of databases(world)) {
          // What a rollback has set aside has an outdated mirror, and an original the mirror of its clone.
          if (tags['zdd-lock'] !== 'held' || !/-zdd-\d{8}-\w{5}$/.test(name)) continue;
          const deployment = tags['zdd-deployment'] ?? '';
          const held = [tags['zdd-app'] ?? '', ...(tags['zdd-databases'] ?? '').split(',')];
          for (const what of held) {
            const other = holder.get(what);
            if (other !== undefined && other !== deployment) return `${other} and ${deployment} both hold ${what}`;
            holder.set(what, deployment);
          }
        }
        return undefined;
      },
    };
  },
};
