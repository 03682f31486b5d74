import type { SchemaAnswer } from '../azure/sql-statements.ts';
import type { Check } from '../deployment/check.ts';
import { schemaVersionQueryOf } from '../deployment/instance-settings.ts';
import type { Settings } from '../settings/settings.ts';
import { allFine, failed, listed, warning } from './verdicts.ts';

const NAME = 'schema version query';

/** What the query answers in a database. */
export interface SchemaAnswerIn {
  readonly database: string;
  readonly answer: SchemaAnswer;
}

/**
 * Pure: the query is asked of every database, and has to work in one. Where it fails the version counts as unknown. Without any
 * answer nobody could tell whether the live build can return to its database.
 */
export function schemaVersionChecks(settings: Settings, answers: readonly SchemaAnswerIn[]): readonly Check[] {
  const query = schemaVersionQueryOf(settings);
  if (query === undefined) return [unguarded()];
  const known = answers.filter(({ answer }) => answer.schemaVersion !== undefined);
  const refused = answers.flatMap(({ database, answer: { schemaRefused: why } }) =>
    why === undefined ? [] : [{ database, why }],
  );
  if (known.length + refused.length === 0) return [];
  const said = known.map(({ database, answer }) => `${database}: ${answer.schemaVersion || 'no row'}`);
  return allFine(
    NAME,
    `${listed(said)}.`,
    refused.map(({ database, why }) => {
      const found = `schema-version-query failed on database ${database}: ${why}`;
      return known.length > 0
        ? warning(NAME, `${found} Its schema version counts as unknown.`, 'Nothing, when its schema never changes.')
        : failed(NAME, found, 'Correct schema-version-query, or give "none" to go without.');
    }),
  );
}

function unguarded(): Check {
  return warning(
    NAME,
    'Nothing tells the version of the schema: "rollback" with rollback-scope code is refused once "deploy" has begun, unless ignore-schema is true.',
    'schema-version-query: <query that returns the version of the schema, such as SELECT MAX(MigrationId) FROM __EFMigrationsHistory>',
  );
}
