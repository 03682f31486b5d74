/** A command that a step wrote to its output, such as `::add-mask::value`. */
export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly value: string;
}

/** What the runner obeys (actions/runner src/Runner.Worker/ActionCommandManager.cs); everything else is text. */
export const COMMANDS: ReadonlySet<string> = new Set([
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
]);

/**
 * Reads one line of output in either syntax: `::name key=value,key=value::data` at its beginning, `##[name key=value;]data`
 * anywhere in it. Undefined when it is no command (actions/runner src/Runner.Common/ActionCommand.cs).
 * @param resumeAt the token that ends a `stop-commands`, which is a command of its own meanwhile.
 */
export function readCommand(line: string, resumeAt?: string): WorkflowCommand | undefined {
  const isKnown = (name: string) => COMMANDS.has(name.toLowerCase()) || name.toLowerCase() === resumeAt?.toLowerCase();
  return doubleColon(line.replace(BLANKS, ''), isKnown) ?? brackets(line, isKnown);
}

/** What .NET takes for blanks: not U+FEFF, which JavaScript does. https://learn.microsoft.com/dotnet/api/system.char.iswhitespace */
const BLANKS = /^(?:(?!\ufeff)[\s\u0085])+/;

function doubleColon(line: string, isKnown: (name: string) => boolean): WorkflowCommand | undefined {
  const end = line.startsWith('::') ? line.indexOf('::', 2) : -1;
  if (end < 0) return undefined;
  const { name, rest } = headOf(line.slice(2, end));
  if (!isKnown(name)) return undefined;
  return {
    name: name.toLowerCase(),
    properties: propertiesOf(rest, ',', { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',' }),
    value: unescaped(line.slice(end + 2), { '%0D': '\r', '%0A': '\n' }),
  };
}

function brackets(line: string, isKnown: (name: string) => boolean): WorkflowCommand | undefined {
  const begin = line.indexOf('##[');
  const end = begin < 0 ? -1 : line.indexOf(']', begin);
  if (end < 0) return undefined;
  const { name, rest } = headOf(line.slice(begin + 3, end));
  if (!isKnown(name)) return undefined;
  const escapes = { '%0D': '\r', '%0A': '\n', '%3B': ';', '%5D': ']' };
  return {
    name: name.toLowerCase(),
    properties: propertiesOf(rest, ';', escapes),
    value: unescaped(line.slice(end + 1), escapes),
  };
}

function headOf(text: string): { name: string; rest: string } {
  const blank = text.indexOf(' ');
  return blank < 0 ? { name: text, rest: '' } : { name: text.slice(0, blank), rest: text.slice(blank + 1) };
}

type Escapes = Readonly<Record<string, string>>;

function propertiesOf(text: string, separator: string, escapes: Escapes): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const pair of text.split(separator)) {
    const equals = pair.indexOf('=');
    if (equals > 0) properties[pair.slice(0, equals).trim()] = unescaped(pair.slice(equals + 1), escapes);
  }
  return properties;
}

/** `%25` last, so that an escaped percent sign begins no other escape. */
function unescaped(text: string, escapes: Escapes): string {
  return Object.entries(escapes)
    .reduce((sofar, [written, character]) => sofar.replaceAll(written, character), text)
    .replaceAll('%25', '%');
}
