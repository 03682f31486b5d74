import { expect, test } from '@jest/globals';
import { buildFiles } from '../../simulator/model/app/build.ts';
import { contentOf } from '../../simulator/model/web/content.ts';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import { begin, databases, production, type Trial } from './trial.ts';

const LIVE = { version: '1', reads: 200, writes: 201 };

test('a rollback starts all WebJobs again, however many and long their names', async () => {
  const names = Array.from({ length: 14 }, (_, index) => `background-processor-number-${index + 1}`);
  const trial = withJobs(names);
  const before = running(trial);
  expect(before).toHaveLength(names.length);
  await trial.through('clone', 'read-only', 'switch');
  expect(running(trial)).toEqual([]);
  for (const { tags } of databases(trial)) {
    expect(tags['zdd-stopped-jobs']?.length ?? 0).toBeLessThanOrEqual(256);
  }
  await trial.through('rollback');
  expect(running(trial)).toHaveLength(names.length);
  await trial.through('cleanup');
  expect(production(trial)).toEqual(LIVE);
});

test('a WebJob that is gone does not keep visitors from the live build', async () => {
  const trial = withJobs(['mailer', 'indexer']);
  await trial.through('clone', 'read-only', 'switch');
  const { contentId } = slotOf(trial.world, 'web', 'zdd-readonly').occupant;
  const content = contentOf(trial.world, contentId);
  const left = Object.entries(content.files).filter(([path]) => !path.includes('/indexer/'));
  trial.world.web.contents[contentId] = { ...content, files: Object.fromEntries(left) };
  await trial.through('rollback');
  expect(trial.lines.join('\n')).toContain('WebJob indexer was stopped and is not there any more');
  expect(production(trial)).toEqual(LIVE);
});

function withJobs(names: readonly string[]): Trial {
  const jobs = names.map(
    (name) => [`App_Data/jobs/continuous/${name}/run.cmd`, new TextEncoder().encode('run')] as const,
  );
  return begin({ files: { ...buildFiles({ name: 'shop', version: '1', schema: '1' }), ...Object.fromEntries(jobs) } });
}

function running({ world }: Trial): string[] {
  return Object.keys(world.web.jobs);
}
