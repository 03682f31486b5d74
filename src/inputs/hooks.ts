import type { AzureEnvironment } from '../settings/azure.ts';
import {
  type HookFilter,
  type HookSettings,
  hookEvents,
  hookForms,
  hookPolicies,
  isHookEvent,
  type Webhook,
} from '../settings/hooks.ts';
import { isPhaseName, phaseNames } from '../settings/phases.ts';
import { refusedAddress } from '../settings/public-address.ts';
import type { KeyValue } from '../settings/settings.ts';
import { meaningfulLines, variables } from './lists.ts';
import { type Reader, Wrong } from './reader.ts';
import { oneOf, wholeNumber } from './scalars.ts';

/** Who is told of the run, and by which command. */
export function hookSettings(
  { optional, required }: Reader,
  azure: AzureEnvironment,
): { readonly hooks: HookSettings; readonly hookEnv: readonly KeyValue[] } {
  const own = optional('hook-command', commandLine);
  return {
    hooks: {
      webhooks: optional('hooks', webhooks(azure), { secret: true }) ?? [],
      command: own?.command,
      commandEvents: own?.events ?? [],
      secret: optional('hook-secret', signingSecret, { secret: true }),
      policy: required('hook-policy', oneOf(hookPolicies), 'warn'),
      timeout: required('hook-timeout', wholeNumber(1, 300), 10),
    },
    hookEnv: optional('hook-env', variables, { secret: true }) ?? [],
  };
}

/** One `form URL` a line, with the events in brackets before it. Messages never repeat a URL: whoever has it can write there. */
function webhooks(azure: AzureEnvironment): (value: string) => readonly Webhook[] {
  return (value) =>
    meaningfulLines(value).map(({ text, number }) => {
      const { events, rest } = withEvents(text);
      const [, form = '', url = ''] = /^(\S+)\s+(\S+)$/.exec(rest) ?? [];
      const known = hookForms.find((each) => each === form);
      if (known === undefined)
        throw new Wrong(`one "${hookForms.join(' URL", "')} URL" a line; line ${number} is different`);
      return { form: known, url: address(url, number, azure), events };
    });
}

/** A simulator, or a resource manager of one's own, stands in a network of its own, and so does who is told there. */
function address(url: string, number: number, azure: AzureEnvironment): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const schemes = azure.kind === 'own' ? /^https?:$/ : /^https:$/;
  if (parsed === undefined || !schemes.test(parsed.protocol))
    throw new Wrong(`addresses that begin with https://; that of line ${number} is different`);
  if (parsed.username !== '' || parsed.password !== '')
    throw new Wrong(`addresses without a name and password in them; that of line ${number} has one`);
  const refused = azure.kind === 'own' ? undefined : refusedAddress(parsed.hostname);
  if (refused !== undefined)
    throw new Wrong(`addresses on the internet; that of line ${number} is ${refused}, which only hook-command reaches`);
  return url;
}

function commandLine(value: string): { readonly command: string; readonly events: readonly HookFilter[] } {
  const { events, rest } = withEvents(value);
  if (rest === '') throw new Wrong('a command after the events in brackets');
  return { command: rest, events };
}

/** `[failure, before switch] …` is about these events alone. A command may begin with `[`, too, which then is a test of the shell. */
function withEvents(text: string): { readonly events: readonly HookFilter[]; readonly rest: string } {
  const [whole, list] = /^\[([a-z][a-z, -]*)\]\s*/.exec(text) ?? [];
  if (whole === undefined || list === undefined) return { events: [], rest: text };
  return { events: list.split(',').map((entry) => filter(entry.trim())), rest: text.slice(whole.length) };
}

function filter(entry: string): HookFilter {
  const [event = '', phase, ...more] = entry.split(/\s+/);
  const isOne = isHookEvent(event) && (phase === undefined || isPhaseName(phase)) && more.length === 0;
  if (!isOne)
    throw new Wrong(
      `in brackets the events ${hookEvents.join(', ')}, each alone or with one phase (${phaseNames.join(', ')}) after it`,
    );
  return { event, phase };
}

/** As Standard Webhooks writes keys: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
function signingSecret(value: string): Uint8Array {
  const key = Buffer.from(/^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(value)?.[1] ?? '', 'base64');
  if (key.length < 24 || key.length > 64)
    throw new Wrong(
      'whsec_ and the base64 of 24 to 64 bytes, such as what "echo whsec_$(openssl rand -base64 32)" prints',
    );
  return new Uint8Array(key);
}
