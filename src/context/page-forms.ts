/** The forms of a page with which something is sent to be written. */
export interface PageForms {
  readonly all: number;
  /** Of them those that a visitor can send. */
  readonly open: number;
}

const TAG = /<(\/?)(form|fieldset|input|button|select|textarea)\b((?:"[^"]*"|'[^']*'|[^"'<>])*)>/gi;

/**
 * What a visitor could send from a page: forms that post, with a control to send them that is not disabled, neither itself nor by the
 * fieldset around it. One that has no such control is sent from its fields. https://html.spec.whatwg.org/multipage/form-control-infrastructure.html
 * @param html as it came, with no script run
 */
export function pageForms(html: string): PageForms {
  const found: { senders: boolean[]; fields: boolean[] }[] = [];
  let form: (typeof found)[number] | undefined;
  let fieldsets: boolean[] = [];
  for (const [, isEnd, tag = '', given = ''] of html.replaceAll(NOT_MARKUP, '').matchAll(TAG)) {
    const name = tag.toLowerCase();
    const isDisabled = DISABLED.test(given.replaceAll(/"[^"]*"|'[^']*'/g, '""'));
    if (name === 'form') {
      form = isEnd || !POSTS.test(given) ? undefined : { senders: [], fields: [] };
      if (form) found.push(form);
      fieldsets = [];
    } else if (name === 'fieldset') {
      if (isEnd) fieldsets.pop();
      else fieldsets.push(isDisabled);
    } else if (form && !isEnd) {
      const type = TYPE.exec(given)?.[1]?.toLowerCase();
      const isOpen = !isDisabled && !fieldsets.includes(true);
      if (isSender(name, type)) form.senders.push(isOpen);
      else if (!IDLE.has(type ?? '')) form.fields.push(isOpen);
    }
  }
  const open = found.filter(({ senders, fields }) => (senders.length > 0 ? senders : fields).includes(true));
  return { all: found.length, open: open.length };
}

const NOT_MARKUP = /<!--[\s\S]*?(?:-->|$)|<script\b[\s\S]*?(?:<\/script|$)/gi;
const DISABLED = /(?:^|\s)disabled(?=[\s=/]|$)/i;
/** As browsers do, and as htmx does, which Kentico's own site uses. https://htmx.org/attributes/hx-post/ */
const POSTS = /(?:^|\s)(?:method\s*=\s*["']?post\b|hx-post\b)/i;
const TYPE = /(?:^|\s)type\s*=\s*["']?([a-z-]+)/i;
const IDLE = new Set(['hidden', 'button', 'reset']);

function isSender(name: string, type: string | undefined): boolean {
  if (name === 'button') return type === undefined || type === 'submit';
  return name === 'input' && (type === 'submit' || type === 'image');
}
