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
  ['an upper-case form', '<FORM METHOD="POST"><BUTTON>Send</BUTTON></FORM>', 1, 1],
  ['an image that sends', '<form method="post"><input type="image" src="x"></form>', 1, 1],
  ['a disabled input that sends', '<form method="post"><input name="q"><input type="submit" disabled></form>', 1, 0],
  ['a disabled image beside a field', '<form method="post"><input name="q"><input type="image" disabled></form>', 1, 0],
  [
    'a button that says that it sends, beside one that is disabled',
    '<form method="post"><button disabled>a</button><button type="submit">b</button></form>',
    1,
    1,
  ],
  [
    'a disabled button that says so',
    '<form method="post"><input name="q"><button type="submit" disabled></form>',
    1,
    0,
  ],
  ['a text that is called as a button is', '<form method="post"><textarea type="submit"></textarea></form>', 1, 1],
  [
    'a field called submit that is no button, beside a disabled one',
    '<form method="post"><select type="submit"></select><button disabled>a</button></form>',
    1,
    0,
  ],
  [
    'a fieldset that the form before has left open',
    '<form method="post"><fieldset disabled></form><form method="post"><button>b</button></form>',
    2,
    1,
  ],
  ['a fieldset that ended', '<form method="post"><fieldset disabled></fieldset><button>b</button></form>', 1, 1],
  [
    'controls after the end of a form that posts',
    '<form method="post"><button disabled>a</button></form method="post"><button>b</button>',
    1,
    0,
  ],
  [
    'fields that send nothing by themselves',
    '<form method="post"><input type="reset"><input type="button"></form>',
    1,
    0,
  ],
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
