// Templates of links: what is wrong with one is found when its policy is read.
import { expect, test } from 'vitest';
import { linkVariables } from '../../../src/mail/template/alarm-variables.ts';
import { compileTemplate } from '../../../src/mail/template/compile-template.ts';
import { linkFaults, renderLink, webLink } from '../../../src/mail/template/link-template.ts';
import { render } from '../../../src/mail/template/render-template.ts';

test.each([
  ['https://x.example/{{ groupLabel.a }}', 'there is no variable "groupLabel"; did you mean "groupLabels"?'],
  ['https://x.example/{{ ruleName | urlencode }}', 'there is no filter "urlencode"; did you mean "url_encode"?'],
  ['https://x.example/{{ ruleName', '"{{" is not closed; end it with "}}"'],
  ['https://x.example/{{ ruleName.a }}', '"ruleName" is a single value; there is no "ruleName.a"'],
])('%s: %s', (url, message) => {
  expect(linkFaults(url, linkVariables)).toEqual([expect.objectContaining({ line: 1, message })]);
});

test('any label may be named', () => {
  expect(linkFaults('https://x.example/{{ groupLabels["a.b/c"] }}{{ commonLabels.size }}', linkVariables)).toEqual([]);
});

test('a map that is shown whole is listed, and a label called size is the label', () => {
  const data = {
    groupLabels: new Map([
      ['size', 'L'],
      ['toString', 't'],
    ]),
  };
  expect(renderLink('https://x.example/?{{ groupLabels.size }}{{ groupLabels.toString }}', data, linkVariables)).toBe(
    'https://x.example/?Lt',
  );
  const compiled = compileTemplate({ text: '{{ groupLabels }}' }, linkVariables);
  if (compiled.kind === 'invalid') throw new Error('it has faults');
  expect(render(compiled.template, data, { locale: 'en', timeZone: 'UTC' })).toMatchObject({
    text: 'size=L, toString=t',
  });
});

test.each(['constructor', 'toString', 'valueOf', '__proto__', 'hasOwnProperty', 'first', 'size', 'toLiquid'])(
  'a label called %s that is not there is empty',
  (name) => {
    const url = `https://x.example/?{{ groupLabels["${name}"] }}`;
    expect(renderLink(url, { groupLabels: new Map([['a', 'b']]) }, linkVariables)).toBe('https://x.example/?');
  },
);

test('the labels can be gone through', () => {
  const loop = 'https://x.example/?{% for label in groupLabels %}{{ label[0] }}={{ label[1] }}&{% endfor %}';
  const groupLabels = new Map([
    ['__proto__', 'p'],
    ['a', 'b c'],
  ]);
  expect(renderLink(loop, { groupLabels }, linkVariables)).toBe('https://x.example/?__proto__=p&a=b%20c&');
});

test('a link that takes too long to make is none', () => {
  const many = new Map(Array.from({ length: 400 }, (_, index) => [`l${index}`, 'v']));
  const loop = '{% for a in groupLabels %}{% for b in groupLabels %}{% endfor %}{% endfor %}https://x.example/';
  expect(renderLink(loop, { groupLabels: many }, linkVariables)).toBeUndefined();
});

test.each([
  [undefined, undefined],
  ['https://x.example/a b', 'https://x.example/a%20b'],
  ['https://x.example/"><script>', 'https://x.example/%22%3E%3Cscript%3E'],
  ['HTTPS://X.example', 'https://x.example/'],
  ['java\nscript:alert(1)', undefined],
  ['//x.example/', undefined],
  ['https://trusted.example@evil.example/', undefined],
])('of %j is shown %j', (text, shown) => {
  expect(webLink(text, 600)).toBe(shown);
});
