import type { Invariant } from '../invariant.ts';

export const oneDeploymentIsOpen: Invariant = {
  name: 'one-deployment-is-open',
  holds: 'At most one deployment holds the lock of an app, and of a database.',
  watch({ world }) {
    return {
      step() {
        const holder = new Map<string, string>();
        const all = Object.values(world.sql.servers).flatMap((server) =>
          Object.values(server.databases).map(({ name, tags }) => ({ server: server.name, name, tags })),
        );
        for (const { server, name, tags } of all) {
          // What a rollback has set aside has an outdated mirror, and an original the mirror of its clone.
          if (tags['zdd-lock'] !== 'held' || !/-zdd-\d{8}-\w{5}$/.test(name)) continue;
          const deployment = tags['zdd-deployment'] ?? '';
          const held = [tags['zdd-app'] ?? '', ...originalsIn(server, tags['zdd-databases'])];
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

/** Each with its server: a record calls those of its own by their name alone. */
function originalsIn(server: string, databases = ''): readonly string[] {
  return databases.split(':').map((each) => (each.includes('/') ? each : `${server}/${each}`));
}
