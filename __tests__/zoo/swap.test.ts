import { expect, test } from '@jest/globals';
import { signsInByIdentity } from '../../simulator/in-process/signs-in-by-identity.ts';
import { EPOCH } from '../../simulator/model/create-world.ts';
import type { Variant } from '../../simulator/model/world.ts';
import { deploy, type Parts } from '../in-process/zoo.ts';

const byIdentity = ({ world, site, server }: Parts) => signsInByIdentity(world, site, server, EPOCH);

test.each<Variant>(['both-builds-answer', 'open-settings-stay'])(
  'with %s an app is deployed to the end',
  async (variant) => {
    const { ended, visitors } = await deploy({ variants: [variant] });
    expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
  },
);

test.each<Variant[][]>([[[]], [['process-keeps-identity']]])(
  'an app that signs in with the identities of its slots is deployed to the end: %j',
  async (variants) => {
    const { ended, visitors } = await deploy({ variants, arrange: byIdentity });
    expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
  },
);
