import { inTime } from '../context/in-time.ts';
import { runUserCommand } from '../context/user-command.ts';
import { nextPhases } from '../deployment/next-phases.ts';
import { messageOf, Stop } from '../errors.ts';
import type { Ports } from '../ports.ts';
import { type Webhook, wants } from '../settings/hooks.ts';
import type { PhaseName } from '../settings/phases.ts';
import type { Settings } from '../settings/settings.ts';
import { seconds } from '../wait.ts';
import { deliver, isOver, type Untold } from './deliver.ts';
import { bodyOf } from './forms.ts';
import { recordInGitHub } from './github-deployment.ts';
import { beginning, breakdown, type Came, endings, type Message, withoutSecrets } from './message.ts';
import { signedHeaders } from './signature.ts';

/** Tells others what the run does: inputs `hooks` and `hook-command`. What they make of it changes nothing of a deployment. */
export interface Hooks {
  /** Throws a Stop where the policy is to fail and somebody could not be told. */
  before(phase: PhaseName): Promise<void>;
  /** Likewise; after a failure it only warns. */
  after(came: Came): Promise<void>;
  /** The run failed outside its phases. Never throws. */
  brokeDown(error: unknown): Promise<void>;
  /** Resolves when everybody was told or could not be. */
  ended(): Promise<void>;
}

interface HookOptions {
  readonly settings: Settings;
  readonly ports: Ports;
  /** Takes the secrets that the run knows out of a text. */
  readonly masked: (text: string) => string;
  readonly signal: AbortSignal;
}

/** A runner that cancels leaves seven and a half seconds. https://github.com/actions/runner/blob/main/src/Runner.Sdk/ProcessInvoker.cs */
const LAST_WORDS_MS = 3000;

/**
 * Visitors may wait for the phases, and for the end of a run. So webhooks are told beside them, each one event after the other, and whoever let all of
 * his time pass is left out until the end of the run. Only where nobody could be told means stop, they are waited for. The command is always waited for:
 * what it prints has its place in the log.
 */
export function hooksOf(options: HookOptions): Hooks {
  const { settings, ports, signal } = options;
  const { webhooks, policy, timeout } = settings.hooks;
  const told: Promise<void>[] = [];
  const late = new Set<Receiver>();
  let recording: Promise<void> = Promise.resolve();
  const over = new AbortController();
  const quit = AbortSignal.any([quitting(ports, signal), over.signal]);
  const now = () => new Date(ports.clock.now()).toISOString();

  /** Who could not be told, and why; empty when nobody waits for it. */
  async function tell(known: Message, awaited: boolean): Promise<readonly string[]> {
    const message = withoutSecrets(known, options.masked);
    const isLeftOut = (who: Receiver) => late.has(who) && !awaited && message.event !== 'failure';
    const heard = (who: Receiver, untold: Untold | undefined, prefix = '') => {
      if (untold === undefined) return undefined;
      const isNew = untold.isLate && !late.has(who) && !awaited;
      if (untold.isLate) late.add(who);
      return `${prefix}${untold.why}${isNew ? '. It is left out until the end of this run' : ''}`;
    };
    const telling = webhooks.map(async (webhook, index) => {
      if (!wants(webhook.events, message.event, message.phase)) return undefined;
      const turn = (told[index] ?? Promise.resolve()).then(async () => {
        if ((signal.aborted && message.event !== 'failure') || isLeftOut(webhook)) return undefined;
        return heard(webhook, await post(options, webhook, message, quit), `hook ${index + 1} (${webhook.form}) `);
      });
      told[index] = turn.then((failed) => warn(failed, message, awaited));
      return turn;
    });
    const failed = isLeftOut('command') ? undefined : heard('command', await command(options, message, quit));
    warn(failed, message, awaited);
    return awaited ? [...(await Promise.all(telling)), failed].filter((why) => why !== undefined) : [];
  }

  function warn(failed: string | undefined, message: Message, awaited: boolean): void {
    if (failed !== undefined && !awaited)
      ports.log.warning(`Not everybody was told of ${eventOf(message)}: ${failed}.`);
  }

  const mayStop = (phase: PhaseName) => policy === 'fail' && phase !== 'rollback' && phase !== 'status';
  if (settings.dryRun) return NONE;
  return {
    async before(phase) {
      const failed = await tell(beginning(settings, phase, now()), mayStop(phase));
      if (failed.length > 0) throw untold(`that ${phase} begins`, failed, 'then run the same phase again');
    },
    async after(came) {
      const awaited = mayStop(came.phase) && came.outcome !== 'failed';
      recording = recording.then(async () => {
        if (!late.has('GitHub') && (await recordInGitHub(options, came, quit))) late.add('GitHub');
      });
      const failed: string[] = [];
      for (const message of endings(settings, came, now())) failed.push(...(await tell(message, awaited)));
      const [next] = came.last ? nextPhases(came.last) : [];
      const then = next === undefined ? 'nothing else is left to do' : `then run "${next}"`;
      if (failed.length > 0) throw untold(`that ${came.phase} is done`, [...new Set(failed)], then);
    },
    async brokeDown(error) {
      await tell(breakdown(settings, error, now()), false);
    },
    async ended() {
      const all = Promise.all([...told, recording]);
      const why = `the run is over, and waits for nobody longer than ${seconds(timeout * 1000)} (hook-timeout)`;
      await inTime(ports, timeout * 1000, why, quit, (limited) => {
        limited.addEventListener('abort', () => over.abort(limited.reason), { once: true });
        return all;
      });
    },
  };
}

/** Somebody who is told. */
type Receiver = Webhook | 'command' | 'GitHub';

const NONE: Hooks = {
  before: async () => undefined,
  after: async () => undefined,
  brokeDown: async () => undefined,
  ended: async () => undefined,
};

async function post(
  { settings, ports }: HookOptions,
  { form, url }: Webhook,
  message: Message,
  signal: AbortSignal,
): Promise<Untold | undefined> {
  const body = bodyOf(form, message);
  const { secret, timeout } = settings.hooks;
  const isOwn = settings.azureEnvironment.kind === 'own';
  const request = () => ({
    method: 'POST' as const,
    url,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'zdd-action',
      ...(form === 'json' ? signedHeaders(secret, message.id, ports.clock.now(), body) : {}),
    },
    body,
    ...(isOwn ? { mostBytes: 64 * 1024 } : { publicOnly: true as const }),
  });
  return deliver(ports, request, timeout * 1000, signal);
}

async function command(
  { settings, ports }: HookOptions,
  message: Message,
  signal: AbortSignal,
): Promise<Untold | undefined> {
  const { command: line, commandEvents } = settings.hooks;
  if (line === undefined || !wants(commandEvents, message.event, message.phase)) return undefined;
  const until = ports.clock.now() + settings.hooks.timeout * 1000;
  try {
    await runUserCommand({ ports, signal }, settings, {
      input: 'hook-command',
      command: line,
      environment: {
        ZDD_HOOK_EVENT: message.event,
        ZDD_HOOK_PHASE: message.phase ?? '',
        ZDD_HOOK_BODY: bodyOf('json', message),
      },
      failure: (happened, next) => new Stop('failed', happened, `${next}.`),
    });
    return undefined;
  } catch (error) {
    const why =
      error instanceof Stop ? error.happened.replace(/\.$/, '') : `hook-command could not be run: ${messageOf(error)}`;
    return { why, isLate: isOver(ports.clock, until) };
  }
}

/** Aborted a little later than the run: that it was cancelled is worth telling, too. */
function quitting({ clock }: Ports, signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const soon = () => void clock.sleep(LAST_WORDS_MS).then(() => controller.abort(signal.reason));
  if (signal.aborted) soon();
  else signal.addEventListener('abort', soon, { once: true });
  return controller.signal;
}

function untold(what: string, failed: readonly string[], then: string): Stop {
  return new Stop(
    'failed',
    `Not everybody could be told ${what}, and hook-policy is fail: ${failed.join('; ')}.`,
    `Correct hooks or hook-command, ${then}; or give hook-policy: warn.`,
  );
}

function eventOf({ event, phase }: Message): string {
  return phase === undefined ? event : `${event} ${phase}`;
}
