import { slots } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

export const secretsStayInVaults: Invariant = {
  name: 'secrets-stay-in-vaults',
  holds: 'What a reference stands for is written in plain text to the read-only copy alone, and is gone with it.',
  watch({ world }) {
    return {
      step() {
        if (world.vaults === undefined) return undefined;
        const passwords = Object.values(world.sql.servers).map(({ administratorPassword }) => administratorPassword);
        const found = slots(world).find(({ occupant }) => {
          const { settings, connectionStrings } = occupant;
          const values = [...Object.values(settings), ...Object.values(connectionStrings).map(({ value }) => value)];
          const holds = values.some((value) => passwords.some((password) => value.includes(password)));
          return holds && !/\/read-only\//.test(settings.ZDD_INSTANCE ?? '');
        });
        return found && `slot ${found.name} holds a secret of a vault in plain text`;
      },
    };
  },
};
