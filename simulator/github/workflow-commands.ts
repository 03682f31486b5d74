/** A command that a step wrote to its output, such as `::add-mask::value`. */
export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly value: string;
}

const FORM = /^\s*::([^\s:]+)(?:\s+(.*?))?::(.*)$/;

/** Reads one line of output; undefined when it is no command (actions/runner src/Runner.Common/ActionCommand.cs). */
export function readCommand(line: string): WorkflowCommand | undefined {
  const match = FORM.exec(line);
  if (match?.[1] === undefined) return undefined;
  const properties: Record<string, string> = {};
  for (const pair of (match[2] ?? '').split(',')) {
    const [name, ...value] = pair.split('=');
    if (name && value.length > 0) properties[name.trim()] = unescapeProperty(value.join('='));
  }
  return { name: match[1].toLowerCase(), properties, value: unescapeValue(match[3] ?? '') };
}

function unescapeValue(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

function unescapeProperty(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}
