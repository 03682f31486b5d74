import { readSecret, type SecretLook } from '../azure/key-vault.ts';
import type { SlotSettings } from '../azure/slot-settings.ts';
import { findDatabases, parseConnectionString } from '../connection-strings/connection-strings.ts';
import { secretReference } from '../connection-strings/secret-reference.ts';
import { addressReferences } from '../connection-strings/unsure.ts';
import type { Context } from '../context/context.ts';
import { isUnchanged } from '../deployment/placeholders.ts';
import type { PhaseTraits } from '../settings/phases.ts';

/**
 * Settings with what their references stand for, where the phase decides by it, or nothing else tells the server: those that may lead
 * to a database, once a run. Of what the user says leads nowhere, nothing is read.
 */
export async function withSecrets<T extends SlotSettings>(
  context: Context,
  phase: PhaseTraits,
  settings: T,
): Promise<T> {
  if (!phase.readsSecrets && findDatabases(settings).length > 0) return settings;
  const spared = new Set(
    context.settings.cloneConnectionSettings.flatMap(({ name, value }) =>
      isUnchanged(value) ? [name.toLowerCase()] : [],
    ),
  );
  const texts = addressReferences(settings).flatMap(({ name, text }) => (spared.has(name.toLowerCase()) ? [] : [text]));
  if (texts.length === 0) return settings;
  const looks = await Promise.all([...new Set(texts)].map(async (text) => [text, await look(context, text)] as const));
  return { ...settings, secrets: Object.fromEntries(looks) };
}

function look(context: Context, text: string): Promise<SecretLook> {
  const { secrets } = context.known;
  const known = secrets.get(text) ?? read(context, text);
  secrets.set(text, known);
  return known;
}

async function read({ arm, ports }: Context, text: string): Promise<SecretLook> {
  const reference = secretReference(text);
  if (!reference) return { why: 'not-understood', said: '' };
  const { vault, host = `${vault}.${arm.cloud.vaultSuffix}`, secret, version } = reference;
  const found = await readSecret(arm, ports.send, { host, secret, version });
  const password = found.value === undefined ? undefined : parseConnectionString(found.value)?.password;
  if (password) ports.log.secret(password);
  return found;
}
