import type { Check } from '../deployment/check.ts';
import { code, table, text } from './markdown.ts';

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

/** Commands are shown as such, sentences as text. */
function fixText(fix: string | undefined): string {
  if (!fix) return '';
  return /^(az|gh|curl|CREATE|ALTER|GRANT|npm|sqlcmd) /.test(fix) ? code(fix) : text(fix);
}
