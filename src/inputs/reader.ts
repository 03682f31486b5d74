import type { InputName } from './declared.ts';
import { inputDefaults } from './declared.ts';

/** The environment of the runner, in which inputs arrive as `INPUT_<NAME>`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown by a parser of values. The message says what is allowed, as the object of "Allowed: …". */
export class Wrong extends Error {}

export interface ReaderOptions {
  /** The value is a secret, or may hold one: never repeat it. */
  readonly secret?: boolean;
}

/** Reads inputs one by one and collects what is wrong, so that the user learns all of it at once. */
export interface Reader {
  /** The value as given, trimmed; the declared default when empty; undefined when there is none. */
  text(name: InputName): string | undefined;
  /** The parsed value; undefined when the input is empty, or wrong, which is then on the list. */
  optional<T>(name: InputName, parse: (value: string) => T, options?: ReaderOptions): T | undefined;
  /** The parsed value. When the input is empty or wrong, that is on the list and `otherwise` stands in until the list is thrown. */
  required<T>(name: InputName, parse: (value: string) => T, otherwise: T): T;
  complain(sentence: string): void;
  readonly complaints: readonly string[];
}

export function inputReader(environment: Environment): Reader {
  const complaints: string[] = [];
  const text = (name: InputName) => inputText(environment, name);
  const optional = <T>(name: InputName, parse: (value: string) => T, options: ReaderOptions = {}): T | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      const shown = options.secret ? 'is not usable (its value is not shown)' : `is ${quoted(value)}`;
      complaints.push(`Input ${name} ${shown}. Allowed: ${error.message}.`);
      return undefined;
    }
  };
  return {
    text,
    optional,
    required: (name, parse, otherwise) => {
      if (text(name) === undefined) {
        complaints.push(`Input ${name} is missing.`);
        return otherwise;
      }
      return optional(name, parse) ?? otherwise;
    },
    complain: (sentence) => complaints.push(sentence),
    complaints,
  };
}

/**
 * One input, trimmed. An empty value counts as left out and takes the default: workflows pass empty inputs on.
 * The runner makes the name from the input's by upper-casing it and turning blanks into `_`; hyphens stay.
 */
export function inputText(environment: Environment, name: InputName): string | undefined {
  const given = environment[`INPUT_${name.toUpperCase()}`]?.trim();
  return given || inputDefaults[name] || undefined;
}

const LONGEST_SHOWN = 200;

function quoted(value: string): string {
  const oneLine = value.replaceAll(/\s*\n\s*/g, ' ⏎ ');
  return `"${oneLine.length > LONGEST_SHOWN ? `${oneLine.slice(0, LONGEST_SHOWN)}…` : oneLine}"`;
}
