import { expect, test } from '@jest/globals';
import type { Variant } from '../../simulator/model/world.ts';
import { deploy, signsInByIdentity } from '../in-process/zoo.ts';

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
    const { ended, visitors } = await deploy({ variants, arrange: signsInByIdentity });
    expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
  },
);
