import { LIVE } from '../builds.ts';
import { contentBuild, production, recorded } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** Of which build `status` says that visitors are on it. */
const SAID = /Visitors are on the (live|new) build/;

/** Whoever is on call acts on that one line. */
export const headlineIsTrue: Invariant = {
  name: 'headline-is-true',
  holds: '`status` names the build that production serves.',
  watch({ world, phase }) {
    const begun = production(world).occupant.volumeId;
    return {
      ran({ report }) {
        const [, said] = SAID.exec(report?.headline ?? '') ?? [];
        // A swap of a run that was killed may come right behind the look.
        if (phase !== 'status' || said === undefined || production(world).occupant.volumeId !== begun) return undefined;
        const version = contentBuild(world, production(world))?.version;
        const isNew = recorded(world, 'zdd-candidate')?.startsWith('new|') && NEW_ONES.has(version ?? '');
        if (said === 'live' && isNew) return `the new build ${version} is called the live build`;
        return said === 'new' && version === LIVE.version ? 'the live build is called the new build' : undefined;
      },
    };
  },
};

/** Versions that only a deployment brings; somebody may release another one by hand. */
const NEW_ONES: ReadonlySet<string> = new Set(['2', '3']);
