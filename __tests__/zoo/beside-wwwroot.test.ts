import { describe, expect, test } from '@jest/globals';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { addContent, contentOf } from '../../simulator/model/web/content.ts';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import { production } from '../in-process/trial.ts';
import { deploy, open, type Parts, packageOf, type Zoo } from '../in-process/zoo.ts';
import { beside, runsFromUrl, urlOf } from '../teams/team.ts';

const SCRIPT = 'site/scripts/startup.sh';
const options = { linux: true };
const inputs = { 'keep-files': '/home/site/scripts' };

/** The app starts by a script beside wwwroot, which no package brings. */
function startsByScript({ world, production }: Parts): void {
  const { files } = contentOf(world, production.occupant.contentId);
  const more = { ...files, [SCRIPT]: new TextEncoder().encode('exec dotnet shop.dll') };
  production.occupant.contentId = addContent(world, more, Object.keys(files), EPOCH);
  production.occupant.config = { appCommandLine: `/home/${SCRIPT}` };
}

/** Runs from a package at a URL: nothing is copied, and nothing is written below wwwroot. */
const fetched: Zoo = {
  options,
  arrange(parts) {
    runsFromUrl(parts, 'web');
    startsByScript(parts);
  },
  inputs: { ...inputs, package: urlOf('web', '2') },
};
const plain: Zoo = { options, arrange: startsByScript, inputs };

describe.each([
  ['of files', plain],
  ['that runs from a package at a URL', fetched],
])('an app %s', (_, zoo) => {
  test('starts in every slot by the script that keep-files carries', async () => {
    const { ended, visitors, trial } = await deploy(zoo);
    expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
    const { contentId } = slotOf(trial.world, 'web', 'production').occupant;
    expect(Object.keys(contentOf(trial.world, contentId).files)).toContain(SCRIPT);
  });

  test('comes back with its own', async () => {
    const trial = open(zoo);
    const all = { package: packageOf(zoo), ...zoo.inputs };
    await trial.through(['clone', all], ['read-only', all], ['switch', all], ['deploy', all]);
    await trial.through(['rollback', { ...all, 'rollback-scope': 'code-and-database' }], ['validate', all]);
    await trial.through(['complete', all]);
    expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
  });

  test('is refused without keep-files, which it is told', async () => {
    const { ended } = await deploy({ ...zoo, inputs: { ...zoo.inputs, 'keep-files': 'media' } });
    expect(ended).toMatch(/^refused by preflight: .*keep-files: media\/, \/home\/site\/scripts\//s);
  });
});

test('another app that moves along starts by its own', async () => {
  const { ended, trial } = await deploy({
    options,
    arrange(parts) {
      beside(parts, 'admin');
      for (const app of ['web', 'admin']) {
        startsByScript({ ...parts, production: slotOf(parts.world, app, 'production') });
      }
    },
    inputs: { ...inputs, 'other-apps': `admin = ${packageOf({ next: { migratesOnStart: false } })}` },
  });
  expect(ended).toBe('deployed');
  const { contentId, instance } = slotOf(trial.world, 'admin', 'production').occupant;
  expect(Object.keys(contentOf(trial.world, contentId).files)).toContain(SCRIPT);
  expect(instance?.state).toBe('listening');
});
