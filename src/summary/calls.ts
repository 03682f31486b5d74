import type { Call } from '../phases/call.ts';
import { codeBlock, folded, paragraphs } from './markdown.ts';

const WHERE: readonly (readonly [Call['to'], string])[] = [
  ['azure', 'Azure Resource Manager'],
  ['scm', 'SCM of the slots'],
  ['sql', 'SQL'],
  ['app', 'The app itself, as a visitor'],
];
const MOST = 200;

/** What a plan would send, by whom it goes to: first what is sent in any case, then what may be, with when. */
export function callsSection(calls: readonly Call[]): string {
  const sure = calls.filter(({ onlyIf }) => onlyIf === undefined);
  const maybe = calls.filter(({ onlyIf }) => onlyIf !== undefined);
  return folded(
    `What it sends, beside looks (${sure.length}, and ${maybe.length} only if needed)`,
    paragraphs(block(sure), maybe.length > 0 && `Only if needed:\n\n${block(maybe)}`),
  );
}

function block(calls: readonly Call[]): string | undefined {
  if (calls.length === 0) return undefined;
  const lines = WHERE.flatMap(([to, name]) => {
    const own = calls.filter((each) => each.to === to);
    return own.length === 0 ? [] : [`${name}:`, ...own.map(lineOf)];
  });
  const more = lines.length > MOST ? [`… and ${lines.length - MOST} more, in the log.`] : [];
  return codeBlock([...lines.slice(0, MOST), ...more]);
}

function lineOf({ call, what, onlyIf }: Call): string {
  return `  ${call}  (${onlyIf === undefined ? what : `${what}, if ${onlyIf}`})`;
}
