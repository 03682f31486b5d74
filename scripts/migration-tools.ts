import 'reflect-metadata'; // @peculiar/x509, and TypeORM's decorators, need it before they are loaded
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tdsLab } from '../__tests__/simulator/tds/lab.ts';
import { checkKnex } from './migration-tools/knex.ts';
import { checkSequelize } from './migration-tools/sequelize.ts';
import { checkTypeorm } from './migration-tools/typeorm.ts';

/**
 * Lets migration tools, each from its own npm package, go up and down on the simulated SQL Server. Not a part of
 * `npm test`: it installs 130 packages that nothing else needs.
 */
const PACKAGES = [
  'knex@3.3.0',
  'sequelize@6.37.8',
  'typeorm@1.1.1',
  'mssql@12.7.14',
  'tedious@19.2.2',
  'reflect-metadata@0.2.2',
];

const directory = mkdtempSync(join(tmpdir(), 'migration-tools-'));
writeFileSync(join(directory, 'package.json'), '{"private":true}');
execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...PACKAGES], {
  cwd: directory,
  stdio: 'inherit',
});
const load = createRequire(join(directory, 'package.json'));
const lab = await tdsLab();
try {
  for (const [name, check] of Object.entries({ knex: checkKnex, sequelize: checkSequelize, typeorm: checkTypeorm })) {
    await check(load, lab.tds.port);
    if (lab.unmodelled.length > 0)
      throw new Error(`${name} asked for what the simulator does not model:\n${lab.unmodelled.join('\n')}`);
    console.log(`${name}: up, used, and down again.`);
  }
} finally {
  await lab.close();
  rmSync(directory, { recursive: true });
}
