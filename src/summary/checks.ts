import type { Check } from '../deployment/check.ts';
import { table, text } from './markdown.ts';
import { command, prose } from './prose.ts';

const WORDS: Readonly<Record<Check['verdict'], string>> = {
  passed: 'passed',
  failed: '**FAILED**',
  warning: 'warning',
  'not-looked-at': 'not looked at',
};
const ORDER: readonly Check['verdict'][] = ['failed', 'warning', 'not-looked-at', 'passed'];

/** The checks as a table, what failed first. */
export function checksTable(checks: readonly Check[]): string {
  const sorted = [...checks].sort((one, other) => ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict));
  const fixes = sorted.some(({ fix }) => fix);
  return table(
    ['Verdict', 'Check', 'Found', ...(fixes ? ['Fix'] : [])],
    sorted.map(({ name, verdict, found, fix }) => [
      WORDS[verdict],
      text(name),
      text(found),
      ...(fixes ? [fixText(fix)] : []),
    ]),
  );
}

/** Such as `2 of 31 checks failed, 1 warning`. */
export function checksSentence(checks: readonly Check[]): string {
  const count = (verdict: Check['verdict']) => checks.filter((check) => check.verdict === verdict).length;
  const failed = count('failed');
  const parts = [failed === 0 ? `No check of ${checks.length} failed` : `${failed} of ${checks.length} checks failed`];
  if (count('warning') > 0) parts.push(`${count('warning')} ${count('warning') === 1 ? 'warning' : 'warnings'}`);
  if (count('not-looked-at') > 0) parts.push(`${count('not-looked-at')} not looked at`);
  return `${parts.join(', ')}.`;
}

/** Commands are shown as such, also in a sentence; one that is made of several is one. */
function fixText(fix: string | undefined): string {
  if (!fix) return '';
  const isChain = /^(az|gh) .*(&&|"\$\()/.test(fix);
  return isChain || /^(npm|sqlcmd) /.test(fix) ? command(fix) : prose(fix);
}
