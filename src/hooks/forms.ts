import type { HookForm } from '../settings/hooks.ts';
import type { Message } from './message.ts';
import { wordsOf } from './words.ts';

/** The body of a request, as the service takes it. */
export function bodyOf(form: HookForm, message: Message): string {
  switch (form) {
    case 'json':
      return JSON.stringify(message);
    case 'slack':
      return JSON.stringify(slack(message));
    case 'teams':
      return JSON.stringify(teams(message));
  }
}

/** Slack refuses a longer text of a block. https://docs.slack.dev/reference/block-kit/blocks/section-block */
const LONGEST = 3000;

/**
 * Plain text, in which nobody's words become a link or a mention; `text` is what notifications show.
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
function slack(message: Message): unknown {
  const { title, lines } = wordsOf(message);
  const text = [title, ...lines].join('\n').slice(0, LONGEST);
  const section = { type: 'section', text: { type: 'plain_text', text } };
  const buttons = placesOf(message).map(({ label, url }) => ({
    type: 'button',
    text: { type: 'plain_text', text: label },
    url,
  }));
  return {
    text: title.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    blocks: [section, ...(buttons.length > 0 ? [{ type: 'actions', elements: buttons }] : [])],
  };
}

/**
 * An Adaptive Card for a workflow of Teams that begins "when a webhook request is received". Runs of text hold no markup.
 * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 */
function teams(message: Message): unknown {
  const { title, lines } = wordsOf(message);
  const run = (text: string, more: object = {}) => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text, ...more }],
  });
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [run(title, { weight: 'Bolder' }), ...lines.map((line) => run(line))],
    actions: placesOf(message).map(({ label, url }) => ({ type: 'Action.OpenUrl', title: label, url })),
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

function placesOf({ run, productionUrl, validationUrl }: Message): readonly { label: string; url: string }[] {
  return [
    { label: 'The run', url: run.url },
    { label: 'Production', url: productionUrl },
    { label: 'Candidate', url: validationUrl },
  ].flatMap(({ label, url }) => (url === undefined ? [] : [{ label, url }]));
}
