import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { refusal, saidBy } from '../../src/azure/failure.ts';
import { siteParts } from '../../src/azure/resource-id.ts';
import { slotId } from '../../src/azure/sites.ts';
import { findDatabases, parseConnectionString, redirect } from '../../src/connection-strings/connection-strings.ts';
import { secretReference } from '../../src/connection-strings/secret-reference.ts';
import { pageForms } from '../../src/context/page-forms.ts';
import { parseCloneTags } from '../../src/deployment/clone-tags.ts';
import { parseName } from '../../src/deployment/names.ts';
import { placeholderProblem } from '../../src/deployment/placeholders.ts';
import { parseRecord, recordTagNames, recordTags } from '../../src/deployment/record-tags.ts';
import { Stop } from '../../src/errors.ts';
import { inputDefaults } from '../../src/inputs/declared.ts';
import { readSettings, secretsOf } from '../../src/inputs/inputs.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { failureOf, failureText } from '../../src/summary/failure.ts';
import { code, text } from '../../src/summary/markdown.ts';
import { readDirectory } from '../../src/system/zip-directory.ts';
import { environmentOf, least } from '../inputs/environment.ts';
import { hostileBody, hostileText, longText } from './hostile.ts';

const NAMES = Object.keys(inputDefaults);

test('inputs of any kind are read, or refused by name, and never taken for something else', () => {
  const inputs = fc.dictionary(fc.constantFrom(...NAMES), hostileText, { maxKeys: 4 });
  fc.assert(
    fc.property(inputs, (given) => {
      const environment = environmentOf({ ...least, ...given });
      expect(secretsOf(environment).every((secret) => secret !== '')).toBe(true);
      const settings = readOrRefused(environment);
      if (settings === undefined) return;
      for (const [name, value] of Object.entries(given)) {
        const read = SCALARS[name]?.(settings);
        if (read !== undefined && value.trim() !== '') expect(read).toBe(value.trim());
      }
    }),
    { numRuns: 3000 },
  );
});

/** Inputs that stand in the settings as they were given: nothing else may stand there, a default least of all. */
const SCALARS: Readonly<Record<string, (settings: Settings) => string | undefined>> = {
  'dry-run': ({ dryRun }) => String(dryRun),
  'adopt-slots': ({ adoptSlots }) => String(adoptSlots),
  'accept-data-loss': ({ acceptDataLoss }) => String(acceptDataLoss),
  'ignore-schema': ({ ignoreSchema }) => String(ignoreSchema),
  'allow-other-writers': ({ allowOtherWriters }) => String(allowOtherWriters),
  'readonly-slot': ({ given }) => given.readonlySlot,
  'staging-slot': ({ given }) => given.stagingSlot,
  'deployment-id': ({ deploymentId }) => deploymentId,
  'resource-group': ({ resourceGroup }) => resourceGroup,
  'app-name': ({ appName }) => appName,
  'rollback-point': ({ rollbackPoint }) => rollbackPoint,
  'rollback-scope': ({ rollbackScope }) => rollbackScope,
  'health-path': ({ healthPath }) => healthPath,
  'expected-version': ({ expectedVersion }) => expectedVersion,
};

test('a reference of any text is read as one to a secret, or not at all', () => {
  const wrapped = fc.oneof(
    hostileText,
    hostileText.map((inside) => `@Microsoft.KeyVault(${inside})`),
  );
  fc.assert(
    fc.property(wrapped, (given) => {
      const { vault, host = `${vault}.vault.azure.net`, secret, version } = secretReference(given) ?? {};
      if (secret === undefined) return;
      const { hostname, pathname } = new URL(`https://${host}/secrets/${secret}/${version ?? ''}`);
      expect([hostname, pathname]).toEqual([host.toLowerCase(), `/secrets/${secret}/${version ?? ''}`]);
    }),
    { numRuns: 3000 },
  );
});

function readOrRefused(environment: Readonly<Record<string, string>>): Settings | undefined {
  try {
    return readSettings(environment, () => true);
  } catch (error) {
    if (!(error instanceof Stop) || error.kind !== 'bad-input') throw error;
    return undefined;
  }
}

test('connection strings of any kind are understood or left as they are', () => {
  fc.assert(
    fc.property(hostileText, (value) => {
      parseConnectionString(value);
      const settings = { appSettings: { A: value, Other: 'x' }, connectionStrings: { B: { value, type: 'SQLAzure' } } };
      const found = findDatabases(settings);
      const { settings: after } = redirect(settings, [{ name: 'x', names: ['x.database.windows.net'] }], {
        shop: 'shop-zdd-20260131-k7m2x',
      });
      expect(after.appSettings.Other).toBe('x');
      if (found.length === 0) expect(after).toEqual(settings);
    }),
    { numRuns: 3000 },
  );
});

test('tags of any kind are read by their forms or named', () => {
  const tags = fc.dictionary(fc.constantFrom(...recordTagNames(['shop']), 'zdd-source', 'zdd-source-id'), hostileText);
  fc.assert(
    fc.property(tags, (given) => {
      parseCloneTags(given);
      const parsed = parseRecord({ 'zdd-deployment': '20260131-k7m2x', 'zdd-lock': 'held', ...given });
      if (parsed === undefined || 'bad' in parsed) return;
      for (const slot of [parsed.read.readonlySlot, parsed.read.stagingSlot]) {
        const app = { subscriptionId: '1', resourceGroup: 'rg', name: 'web' };
        expect(siteParts(slotId(app, slot))).toEqual({ group: 'rg', app: 'web', slot });
      }
      expect(parseRecord(recordTags(parsed.read))).toEqual(parsed);
    }),
    { numRuns: 2000 },
  );
});

test('whatever Azure answers is told in sentences', () => {
  fc.assert(
    fc.property(hostileBody, fc.integer({ min: 100, max: 599 }), hostileText, (body, status, id) => {
      const stop = refusal('ask', saidBy({ status, headers: { 'x-ms-request-id': id }, body }));
      const shown = failureText('🟢 Visitors are on the live build.', failureOf(stop));
      expect(shown.split('\n')).toHaveLength(4);
    }),
    { numRuns: 1000 },
  );
});

test('zips of any kind are listed, or are none', async () => {
  const good = zipSync({ 'a.txt': new Uint8Array(500), 'b/c.txt': new Uint8Array(5) }, { mtime: '2020-01-01' });
  const broken = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 12 }).map((changes) => {
    const bytes = Uint8Array.from(good);
    for (const [at, value] of changes) bytes[at] = value;
    return bytes;
  });
  await fc.assert(
    fc.asyncProperty(fc.oneof(broken, fc.uint8Array({ maxLength: 300 })), async (zip) => {
      const read = async (position: number, length: number) => zip.subarray(position, position + length);
      const directory = await readDirectory({ size: zip.length, read });
      expect(directory?.entries.length ?? 0).toBeLessThanOrEqual(zip.length / 46);
    }),
    { numRuns: 500 },
  );
});

/** Whatever reads text of others, on much of it: a second is far more than it needs, and far less than a square takes. */
const READERS: Readonly<Record<string, (value: string) => unknown>> = {
  'a page that is an error': (value) => saidBy({ status: 502, headers: {}, body: new TextEncoder().encode(value) }),
  'the forms of a page': pageForms,
  'the attributes of a form': (value) => pageForms(`<form ${value}>`),
  'a connection string': parseConnectionString,
  'a setting with placeholders': (value) => placeholderProblem(value, ['clone-database']),
  'the name of a database': parseName,
  'a cell of the summary': text,
  'a name of the summary': code,
  'an app setting to be masked': (value) => secretsOf(environmentOf({ ...least, 'app-settings': `A=${value}` })),
};

test.each(Object.entries(READERS))('%s is read in time that grows with its length', (_what, read) => {
  fc.assert(
    fc.property(longText, (value) => {
      const startedAt = performance.now();
      try {
        read(value);
      } catch (error) {
        expect(error).toBeInstanceOf(Stop);
      }
      expect(performance.now() - startedAt).toBeLessThan(1500);
    }),
    { numRuns: 60 },
  );
});
