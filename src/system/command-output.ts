import { withoutBrackets, withoutCommands } from '../settings/plain.ts';

/** Where a command's output goes. */
export interface Lines {
  take(data: Buffer): void;
  /** Writes what came after the last end of a line. */
  end(): void;
}

/**
 * Passes the output of the user's command on, line by line. What a `run:` step may say to the runner about itself it may say,
 * too; nothing in it stops commands, which would show what is masked later, or sets outputs and state, which are the action's.
 * A migration prints rows of the database.
 */
export function passedOn(write: (text: string) => void, isOwn: (line: string) => boolean = () => false): Lines {
  let rest = Buffer.alloc(0);
  let seen = false;
  const pass = (line: string) => {
    if (!seen && isOwn(line)) seen = true;
    else write(line.split(/(\r)/).map(harmless).join(''));
  };
  return {
    take(data) {
      const whole = Buffer.concat([rest, data]);
      const end = whole.lastIndexOf('\n') + 1;
      rest = whole.subarray(end);
      for (const line of whole.toString('utf8', 0, end).split(/(?<=\n)/)) if (line !== '') pass(line);
    },
    end() {
      if (rest.length > 0) pass(rest.toString('utf8'));
      rest = Buffer.alloc(0);
    },
  };
}

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands */
const ALLOWED = /^\s*::(add-mask|debug|endgroup|error|group|notice|warning)( [^:]*)?::/i;

/**
 * A secret is masked as it is, whatever is in it. Nothing may be in the way of its being read as a mask: the runner compares by
 * the rules of a language, in which `::` before an accent is not `::`.
 * https://learn.microsoft.com/dotnet/standard/base-types/best-practices-strings
 */
const MASK = /^[ \t]*::add-mask::(?=[ -~])(?!.*##vso\[)/i;

/** A line that is not read in one syntax is read in the other, so that none may hold both. */
function harmless(line: string): string {
  if (MASK.test(line)) return line;
  return ALLOWED.test(line) ? withoutBrackets(line) : withoutCommands(line);
}
