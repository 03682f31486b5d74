import { expect, test } from '@jest/globals';
import { pageForms } from '../../src/context/page-forms.ts';

test.each<[string, string, number, number]>([
  ['a form that can be sent', '<form method="post"><input name="q"><button>Send</button></form>', 1, 1],
  ['its button disabled', '<form METHOD=POST><input name="q"><button class="b" disabled>Send</button></form>', 1, 0],
  [
    'a fieldset around all',
    '<form method="post"><fieldset disabled="disabled"><input><button>Send</button></fieldset></form>',
    1,
    0,
  ],
  [
    'a fieldset around another part',
    '<form method="post"><fieldset disabled><input></fieldset><input type="submit"></form>',
    1,
    1,
  ],
  ['a class that is called so', '<form method="post"><button class="btn disabled wide">Send</button></form>', 1, 1],
  [
    'fields alone, as Enter sends them',
    '<form method="post"><input type="hidden" name="t"><input name="q" /></form>',
    1,
    1,
  ],
  [
    'fields alone, disabled',
    '<form method="post"><input type="hidden" name="t"><input name="q" disabled/></form>',
    1,
    0,
  ],
  [
    'nothing but what a script would do',
    '<form method="post"><input type="hidden"><button type="button">x</button></form>',
    1,
    0,
  ],
  ['a search, which writes nothing', '<form action="/search"><input name="q"><button>Go</button></form>', 0, 0],
  ['htmx', '<form hx-post="/like"><button>Like</button></form>', 1, 1],
  [
    'one in a comment or a script',
    '<!-- <form method="post"><button>x</button></form> --><script>"<form method=\'post\'><button>"</script>',
    0,
    0,
  ],
  [
    'two of which one can be sent',
    '<form method="post"><button disabled>a</button></form><form method="post"><button>b</button></form>',
    2,
    1,
  ],
  ['a value with a bracket', '<form method="post"><input placeholder="a > b" type="submit" disabled></form>', 1, 0],
  ['a button outside', '<form method="post"><button disabled>a</button></form><button>menu</button>', 1, 0],
])('%s', (_name, html, all, open) => {
  expect(pageForms(html)).toEqual({ all, open });
});

test('a page that is made to take long takes no time', () => {
  const begun = performance.now();
  for (const part of ['<form method="', '<!--', '<script ', '<input "', '<input \'"', 'disabled '])
    pageForms(`<form method="post">${part.repeat(100_000)}`);
  expect(performance.now() - begun).toBeLessThan(2000);
});
