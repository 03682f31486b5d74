import { Stop } from '../errors.ts';
import { absoluteKey, bareName } from '../settings/database-key.ts';
import type { Role } from './marker.ts';
import { sameName } from './names.ts';

/** What stands for the placeholders in the value of a setting. */
export interface PlaceholderValues {
  /** From the original to its clone, by their keys; empty where settings must not lead to a clone. */
  readonly clones: Readonly<Record<string, string>>;
  /** The server of those that are called by their name alone. */
  readonly firstServer?: string | undefined;
  /** UTC, 7 decimals, `Z`. Undefined before the copy is complete. */
  readonly snapshotTimestamp: string | undefined;
  readonly deploymentId: string;
  readonly role: Role;
}

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const placeholderNames = ['clone-database', 'snapshot-timestamp', 'deployment-id', 'role'] as const;
type PlaceholderName = (typeof placeholderNames)[number];

/** Instead of a value: the setting stays as production has it. */
const UNCHANGED = '{{unchanged}}';

export function isUnchanged(value: string): boolean {
  return value.replaceAll(' ', '') === UNCHANGED;
}

/** Puts values in for `{{clone-database}}`, `{{clone-database:NAME}}`, `{{snapshot-timestamp}}`, `{{deployment-id}}` and `{{role}}`. */
export function fillPlaceholders(value: string, values: PlaceholderValues): string {
  return value.replaceAll(PLACEHOLDER, (_all, between: string) => {
    const inside = between.trim();
    const { name, argument } = parse(inside);
    switch (name) {
      case 'clone-database':
        return cloneOf(argument, values);
      case 'snapshot-timestamp':
        if (values.snapshotTimestamp === undefined) throw unusable(inside, 'there is no snapshot here');
        return values.snapshotTimestamp;
      case 'deployment-id':
        return values.deploymentId;
      case 'role':
        return values.role;
      default:
        throw unusable(inside, `known are ${placeholderNames.join(', ')}`);
    }
  });
}

/** What is wrong with the placeholders of a value, before any value is known; undefined when nothing is. */
export function placeholderProblem(value: string, allowed: readonly PlaceholderName[]): string | undefined {
  for (const [, between = ''] of value.matchAll(PLACEHOLDER)) {
    const inside = between.trim();
    const { name, argument } = parse(inside);
    if (name === undefined || !allowed.includes(name))
      return `{{${inside}}} is not one of {{${allowed.join('}}, {{')}}}`;
    if (argument !== undefined && name !== 'clone-database') return `{{${inside}}} takes no name after a colon`;
  }
  const [broken] = MISTYPED.exec(value.replaceAll(PLACEHOLDER, '')) ?? [];
  return broken && `${broken} is no placeholder; write two braces on both sides, such as {{clone-database}}`;
}

/** In one brace, or with one missing, it would reach the app as it stands. */
const MISTYPED = /(?<!\{)\{+\s*(?:clone-database|snapshot-timestamp|deployment-id|unchanged)[^{}]*\}*/;

function parse(inside: string): { readonly name: PlaceholderName | undefined; readonly argument: string | undefined } {
  const [, word = '', argument] = /^([^:]*)(?::(.*))?$/s.exec(inside) ?? [];
  return { name: placeholderNames.find((each) => each === word.trim()), argument: argument?.trim() };
}

function cloneOf(database: string | undefined, values: PlaceholderValues): string {
  const clones = Object.entries(values.clones);
  if (database === undefined) {
    const only = clones[0];
    if (!only || clones.length > 1) {
      throw unusable('clone-database', `there are ${clones.length} databases; write {{clone-database:NAME}}`);
    }
    return bareName(only[1]);
  }
  const found = cloneNamed(database, values);
  if (found === undefined) {
    throw unusable(
      `clone-database:${database}`,
      `the databases are ${clones.map(([name]) => name).join(', ') || 'none'}`,
    );
  }
  return bareName(found);
}

/** By the database's key, or with its server in front; by its name alone where only one of them has it. */
function cloneNamed(database: string, { clones, firstServer = '' }: PlaceholderValues): string | undefined {
  const all = Object.entries(clones);
  const exact = all.find(
    ([original]) => sameName(original, database) || sameName(absoluteKey(firstServer, original), database),
  );
  const alike = all.filter(([original]) => sameName(bareName(original), database));
  return exact?.[1] ?? (alike.length === 1 ? alike[0]?.[1] : undefined);
}

function unusable(inside: string, why: string): Stop {
  return new Stop(
    'bad-input',
    `A setting holds the placeholder {{${inside}}}, but ${why}.`,
    'Correct the setting and run the phase again.',
  );
}
