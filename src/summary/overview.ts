import { azDeleteRule } from '../deployment/commands.ts';
import { dollarsADay, PRICES_OF } from '../deployment/list-price.ts';
import { parseName } from '../deployment/names.ts';
import type { DatabasePart, RunPart } from '../deployment/observed.ts';
import { age, timeAndAge } from './ago.ts';
import { type Links, runLink } from './links.ts';
import { code, table, text } from './markdown.ts';

/** What is open and what it costs, for whoever looks without having been there. */
export interface Overview {
  readonly begun?: { readonly by: string; readonly run: string; readonly at: string } | undefined;
  readonly window?: { readonly openedAt: string; readonly closedAt: string | undefined } | undefined;
  /** Copies that this deployment has made, and what they cost a day together; undefined where no list price is known. */
  readonly copies: readonly { readonly name: string; readonly size: string }[];
  readonly dollarsADay: number | undefined;
  /** Databases with names of ours of which no record tells: those of whatever deployment. */
  readonly leftovers: readonly { readonly name: string; readonly since: string }[];
  /** Firewall rules with names of ours of which no record tells, whom they let in, and the command that closes them. */
  readonly rules: readonly { readonly name: string; readonly address: string; readonly close: string }[];
  readonly now: string;
}

export function overviewOf(seen: DatabasePart & Pick<RunPart, 'now'>): Overview {
  const { record, ours, leftovers, leftoverRules, now } = seen;
  const made = record === null ? [] : ours.filter(({ name }) => parseName(name) !== undefined);
  return {
    begun: record ? { by: record.actor || 'somebody', run: record.run, at: record.requestedAt } : undefined,
    window: record?.windowOpenedAt ? { openedAt: record.windowOpenedAt, closedAt: record.windowClosedAt } : undefined,
    copies: made.map(({ name, serviceObjective, sku }) => ({ name, size: serviceObjective || sku.name })),
    dollarsADay: dollarsADay([...made, ...leftovers]),
    leftovers: leftovers.map(({ name, creationDate }) => ({ name, since: creationDate })),
    rules: leftoverRules.map(({ name, address }) => ({ name, address, close: azDeleteRule(seen, name) })),
    now,
  };
}

/** A line a question. */
export function overviewSection(overview: Overview, links: Links): string {
  const { begun, window, copies, leftovers, rules, now } = overview;
  const rows: (readonly [string, string | undefined])[] = [
    ['Begun', begun && `by ${text(begun.by)} in run ${runLink(begun.run, links)}, ${text(timeAndAge(begun.at, now))}`],
    ['Window', window && text(windowText(window, now))],
    ['Copies', copies.map(({ name, size }) => `${code(name)} (${text(size)})`).join('<br>')],
    ['Left over', leftovers.map(({ name, since }) => `${code(name)}${sinceText(since, now)}`).join('<br>')],
    ['Left open', rules.map(ruleText).join('<br>')],
    ['Cost', copies.length + leftovers.length > 0 ? text(costText(overview)) : undefined],
  ];
  const known = rows.filter((row): row is readonly [string, string] => !!row[1]);
  return known.length === 0 ? '' : `### What is open\n\n${table(['', ''], known)}`;
}

function windowText({ openedAt, closedAt }: NonNullable<Overview['window']>, now: string): string {
  if (closedAt === undefined) return `open since ${timeAndAge(openedAt, now)}`;
  return `was open for ${age(Date.parse(closedAt) - Date.parse(openedAt))}, until ${timeAndAge(closedAt, now)}`;
}

function sinceText(since: string, now: string): string {
  return since === '' ? '' : `, there since ${text(timeAndAge(since, now))}; no deployment that is open made it`;
}

function ruleText({ name, address, close }: Overview['rules'][number]): string {
  return `firewall rule ${code(name)} lets ${code(address)} in; no deployment that is open made it. Unless a run is just beginning or ending: ${code(close)}`;
}

function costText({ dollarsADay: dollars }: Overview): string {
  if (dollars === undefined) return 'as databases of these sizes cost; of one of them no list price is known here';
  return `about ${dollars < 10 ? dollars.toFixed(2) : Math.round(dollars)} US dollars a day for these databases: an estimate by list prices of ${PRICES_OF}, without discounts; a database in a pool adds nothing`;
}
