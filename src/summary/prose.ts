import { code, text } from './markdown.ts';

/** A piece of a sentence. */
interface Piece {
  readonly kind: 'words' | 'sh' | 'sql';
  readonly text: string;
}

/** A sentence for a page: commands in it are shown as such, all else is text. */
export function prose(sentence: string): string {
  return piecesOf(sentence)
    .map(({ kind, text: piece }) => (kind === 'words' ? spaced(piece) : code(piece)))
    .join('');
}

/** What is one command from its beginning to its end. */
export function command(whole: string): string {
  return code(withoutSubscription(whole));
}

/** The commands in a sentence, by the language in which somebody types them. */
export function commandsIn(sentence: string): { readonly sh: readonly string[]; readonly sql: readonly string[] } {
  const pieces = piecesOf(sentence);
  const those = (kind: Piece['kind']) => [
    ...new Set(pieces.filter((piece) => piece.kind === kind).map((one) => one.text)),
  ];
  return { sh: those('sh'), sql: those('sql') };
}

function piecesOf(sentence: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { at, kind, length } of commandsAt(sentence)) {
    if (at < from) continue;
    pieces.push({ kind: 'words', text: sentence.slice(from, at) });
    pieces.push({ kind, text: withoutSubscription(sentence.slice(at, at + length)) });
    from = at + length;
  }
  pieces.push({ kind: 'words', text: sentence.slice(from) });
  return pieces.filter((piece) => piece.text !== '');
}

function* commandsAt(sentence: string): Generator<{ at: number; kind: 'sh' | 'sql'; length: number }> {
  for (const found of sentence.matchAll(BEGINNING)) {
    const at = found.index + (found[1]?.length ?? 0);
    const rest = sentence.slice(at);
    const kind = /^[A-Z]/.test(rest) ? 'sql' : 'sh';
    const command = (kind === 'sql' ? SQL : SH).exec(rest)?.[0].replace(kind === 'sql' ? '' : /[.,;)]+$/, '');
    if (command !== undefined) yield { at, kind, length: command.length };
  }
}

/** The groups of commands that are told of, so that no other word after these two letters makes one. */
const GROUPS =
  'account|ad|appservice|keyvault|lock|monitor|network|policy|provider|resource|rest|role|sql|storage|tag|webapp';
const BEGINNING = new RegExp(`(^|[\\s(])(?=az (?:${GROUPS})\\b|(?:gh api|curl) |(?:ALTER|CREATE|GRANT) [A-Z])`, 'g');

const VERBS =
  'add|assign|clear|convert|create|delete-link|delete|disable|list-deleted|list-editions|list|remove|rename|restore|set-attributes|set-policy|set|show|start|stop|swap|tail|update';
/** What a shell takes for one word, or a part of one; placeholders such as `<id of its clone>` stand unquoted in a sentence. */
const WORD = /(?:'[^']*'(?:\\''[^']*')*|"[^"]*"|<[^<>]*>|\$\([^()]*\)|[^\s'"()<>])+/.source;
/** The group of commands, its verb, then options; a second value is one only where no sentence would go on like that. */
const OPTION = `(?: --[a-z][a-z-]*(?: (?!--|&&|then |and |or |with |for |when )${WORD})?(?: (?:'[^']*'|/\\S+|[\\w-]+=${WORD}))*)`;
const AZ = `az(?: (?!(?:${VERBS})(?![\\w-]))[a-z][a-z-]*)*(?: (?:${VERBS}|rest)(?![\\w-]))?${OPTION}*`;
const OTHERS = `(?:gh|curl)(?: ${WORD})+`;
const SH = new RegExp(`^(?:${AZ}(?: && ${AZ})*|${OTHERS})`);
const SQL =
  /^(?:ALTER (?:SERVER )?ROLE|ALTER DATABASE|CREATE (?:USER|LOGIN)|GRANT [A-Z ]+ TO) [^;]*?(?:;|(?<=\])(?=\.))(?: (?:ALTER|CREATE|GRANT) [^;]*;)*/;

/**
 * GitHub blots a subscription's id out of a page where it is kept as a secret, and the command would be none: `az` knows the one
 * that it works in. https://learn.microsoft.com/cli/azure/reference-index#az-rest ({subscriptionId})
 */
function withoutSubscription(command: string): string {
  const own = command.startsWith('az rest ') ? '{subscriptionId}' : '$(az account show --query id --output tsv)';
  return command.replaceAll(
    /\/subscriptions\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\//gi,
    `/subscriptions/${own}/`,
  );
}

/** {@link text} takes away the spaces at the ends, which stand here between the pieces. */
function spaced(piece: string): string {
  return `${/^\s/.test(piece) ? ' ' : ''}${text(piece)}${/\s$/.test(piece) && piece.trim() !== '' ? ' ' : ''}`;
}
