import { expect, test } from '@jest/globals';
import type { Build } from '../../simulator/model/app/build.ts';
import { begin, type Inputs, LIVE, production } from './trial.ts';

const FORM = '<form method="post" action="/contact"><input name="mail"><button>Send</button></form>';
const DISABLED = FORM.replaceAll(/<(input|button)/g, '<$1 disabled');
const CLOSED = '<h1>Read-only</h1> until noon';

/** A site that shows while it is read-only what its platform asks of it, and one whose team forgot. */
const HEEDS: NonNullable<Build['pages']> = {
  '/contact': { text: FORM, textWhenReadOnly: DISABLED },
  '/admin': { text: 'Sign in', textWhenReadOnly: CLOSED },
  '/umbraco': { text: 'Sign in', whenReadOnly: 503 },
  '/closed': { text: CLOSED },
};
const FORGETS: NonNullable<Build['pages']> = {
  '/contact': { text: FORM },
  '/admin': { text: 'Sign in', whenReadOnly: 500 },
  '/umbraco': { text: 'Sign in' },
  '/closed': { text: CLOSED },
};

async function readOnly(pages: Build['pages'], inputs: Inputs) {
  const asked: string[] = [];
  const trial = begin(
    { build: { ...LIVE, ...(pages ? { pages } : {}) } },
    {
      around: (ports) => ({
        ...ports,
        send(request, signal) {
          asked.push(request.url);
          return ports.send(request, signal);
        },
      }),
    },
  );
  await trial.run('clone', inputs);
  asked.length = 0;
  const { failure, warnings } = await trial.run('read-only', inputs);
  return { trial, asked, failure, warnings: warnings.join('\n') };
}

test.each([
  ['GET /contact -> 200 forms disabled', 'GET /contact shows a form, and 1 can be sent'],
  ['GET /admin -> 200 contains <h1>Read-only</h1>', 'GET /admin answered 500 instead of 200'],
  ['GET /contact -> 200 lacks <button>Send', 'GET /contact shows "<button>Send"'],
  ['GET /contact -> 200 contains disabled', 'GET /contact does not show "disabled"'],
])('the copy must show it, and is asked before visitors are on it: %s', async (probe, wrong) => {
  const inputs = { 'read-only-probes': probe };
  const good = await readOnly(HEEDS, inputs);
  expect(good.failure).toBeUndefined();
  const path = probe.split(' ')[1];
  expect(good.asked).toContain(`https://web-zdd-readonly.azurewebsites.net${path}`);
  expect(good.asked).not.toContain(`https://web.azurewebsites.net${path}`);
  const { failure, trial } = await readOnly(FORGETS, inputs);
  expect(failure?.happened).toContain(`The read-only copy does not refuse as it should: ${wrong}`);
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
});

test('what production shows today already proves nothing, and preflight says so', async () => {
  const trial = begin({ build: { ...LIVE, pages: HEEDS } });
  const lines = async (probe: string) => {
    const from = trial.lines.length;
    await trial.run('preflight', { 'read-only-probes': probe });
    return trial.lines
      .slice(from)
      .filter((line) => line.includes('read-only probes'))
      .join('\n');
  };
  expect(await lines('GET /closed -> 200 contains Read-only')).toContain(
    'GET /closed answers 200 today already: it cannot show that the copy is read-only.',
  );
  expect(await lines('GET /contact -> 200 forms disabled')).toContain(
    'GET /contact shows a form, and 1 can be sent today, and the copy must show otherwise.',
  );
});

const KENTICO = { profile: 'xperience-kentico', 'smoke-paths': '/contact, /closed' };

test('Kentico: forms are disabled and the administration has a page of its own, on the copy', async () => {
  const good = await readOnly(HEEDS, KENTICO);
  expect([good.failure, good.warnings]).toEqual([undefined, expect.not.stringMatching(/form|admin/)]);
  const { failure, warnings } = await readOnly(FORGETS, KENTICO);
  expect(failure).toBeUndefined();
  expect(warnings).toContain(
    'On the read-only copy 1 of 3 pages show a form that can be sent, although nothing can be written: /contact. Check that the application reads its read-only switch, and disable them.',
  );
  expect(warnings).toContain('GET /admin answered 500 on the read-only copy: what cannot work read-only would show');
});

test('on other platforms a form may stand there', async () => {
  expect((await readOnly(FORGETS, { 'smoke-paths': '/contact' })).warnings).not.toContain('form');
});

test('Umbraco: the backoffice is closed on the copy where the application says so', async () => {
  const inputs = { profile: 'umbraco' };
  expect((await readOnly(HEEDS, inputs)).warnings).not.toContain('/umbraco');
  expect((await readOnly(FORGETS, inputs)).warnings).toContain(
    'GET /umbraco answered 200 instead of 503 on the read-only copy: editors get in, and what they write fails in the database.',
  );
});
