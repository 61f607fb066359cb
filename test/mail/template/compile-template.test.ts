import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileTemplate } from '../../../src/mail/template/compile-template.ts';
import { render, subjectLine } from '../../../src/mail/template/render-template.ts';
import type { TemplateSource } from '../../../src/mail/template/template-parts.ts';
import { sampleData, type TemplateData, type VariableTable } from '../../../src/mail/template/variable-table.ts';
import { credentialsVariables, digestVariables } from '../../../src/mail/template/variables.ts';

const reader = { locale: 'en', timeZone: 'Europe/Berlin' };

function faultsOf(source: TemplateSource, variables: VariableTable = credentialsVariables) {
  const compiled = compileTemplate(source, variables);
  return compiled.kind === 'ok' ? [] : compiled.faults;
}

function rendered(source: TemplateSource, data: TemplateData = {}, variables = credentialsVariables) {
  const compiled = compileTemplate(source, variables);
  if (compiled.kind === 'invalid') throw new Error(JSON.stringify(compiled.faults));
  return render(compiled.template, data, reader);
}

describe('a fault is found when the template is read', () => {
  const cases: readonly [string, string, number, number, RegExp][] = [
    [
      'an unknown variable, with the one that was meant',
      'Hello\n  {{ usrname }}',
      2,
      6,
      /no variable "usrname"; did you mean "username"\?/,
    ],
    ['one in a condition', '{% if frstName %}x{% endif %}', 1, 7, /did you mean "firstName"/],
    ['one as the argument of a filter', '{{ firstName | default: usernam }}', 1, 25, /did you mean "username"/],
    ['one that resembles nothing', '{{ xyzzy }}', 1, 4, /there are username, email/],
    ['a loop over nothing', '{% for x in things %}{% endfor %}', 1, 13, /no variable "things"/],
    ['a field of a single value', '{{ username.first }}', 1, 4, /single value/],
    ['a computed name', '{% assign k = "password" %}{{ [k] }}', 1, 31, /named, not computed/],
    ['an unknown filter', '{{ username | upcas }}', 1, 1, /no filter "upcas"; did you mean "upcase"/],
    ['a filter that would end escaping', '{{ username | raw }}', 1, 1, /no filter "raw"/],
    ['an unknown tag', 'a\nb {% fi %}', 2, 3, /no tag "fi"; did you mean "if"/],
    ['a tag that reads files', '{% include "x" %}', 1, 1, /no tag "include"/],
    ['a tag that renders files', '{% render "x" %}', 1, 1, /no tag "render"/],
    ['an open tag', 'x {% if username %}', 1, 3, /end it with {% endif %}/],
    ['an open output', '\n{{ username', 2, 1, /end it with "}}"/],
    ['a tag cut off', '{% if username', 1, 1, /end it with "%}"/],
    ['a directive that date does not know', '{{ validTo | date: "%Y-%Q" }}', 1, 1, /"%Q"/],
    ['a loop that would never end', '{% for a in (1..100000000) %}{% endfor %}', 1, 1, /too much memory/],
    [
      'a loop within a loop that does little',
      `${'{% for a in (1..300) %}'.repeat(2)}x${'{% endfor %}'.repeat(2)}`,
      1,
      1,
      /a loop runs too often/,
    ],
    [
      'a step too many after a loop',
      `{% for a in (1..24999) %}x{% endfor %}{{ username }}`,
      1,
      1,
      /a loop runs too often/,
    ],
    ['loops within loops', `${'{% for a in (1..9999) %}'.repeat(4)}x${'{% endfor %}'.repeat(4)}`, 1, 1, /too|longer/],
    [
      'a text that doubles itself',
      `{% assign a = "xxxxxxxxxx" %}${'{% assign a = a | append: a %}'.repeat(40)}`,
      1,
      1,
      /too much memory/,
    ],
  ];
  test.each(cases)('%s', (_, text, line, column, message) => {
    const [fault] = faultsOf({ text });
    expect(fault).toMatchObject({ part: 'text', message: expect.stringMatching(message) });
    if (!/loop|double/.test(_)) expect([fault?.line, fault?.column]).toEqual([line, column]);
  });

  test('all of them, in every part', () => {
    const faults = faultsOf({ subject: '{{ a1 }}', text: '{{ username }}{{ b1 }}\n{{ c1 }}', html: '{% if %}' });
    expect(faults.map(({ part, line }) => [part, line])).toEqual([
      ['subject', 1],
      ['text', 1],
      ['text', 2],
      ['html', 1],
    ]);
  });

  test('a field of a row that there is not', () => {
    const [fault] = faultsOf({ text: '{% for r in rows %}{{ r.nam }}{% endfor %}' }, digestVariables);
    expect(fault?.message).toMatch(/no "r.nam"; did you mean "name"/);
  });

  test.each([
    '{{ password }}',
    '{% if password == "x" %}y{% endif %}',
    '{{ "x" | append: password }}',
    '{{ ["password"] }}',
    '{{ oneTimeLink }}',
  ])('a secret in a subject: %s', (subject) => {
    expect(faultsOf({ subject })[0]?.message).toMatch(/may not stand in a subject|named, not computed/);
    expect(faultsOf({ text: subject }).every(({ message }) => !/subject/.test(message))).toBe(true);
  });
});

describe('what is right passes', () => {
  test.each([
    [
      'a loop with its own variables',
      '{% for r in rows %}{{ forloop.index }} {{ r.name | upcase }} {{ r.expiresAt | date: "%d.%m.%Y" }}{% else %}none{% endfor %}',
    ],
    ['a size', '{{ rows.size }}'],
    ['an assigned name', '{% assign n = ruleName | upcase %}{{ n }}'],
    ['a comment', '{% comment %} {{ nothing }} {% endcomment %}{% # {{ nothing }} %}x'],
  ])('%s', (_, text) => {
    expect(faultsOf({ text }, digestVariables)).toEqual([]);
  });
});

describe('a mail is rendered', () => {
  const data: TemplateData = { username: '<b>&"\'', firstName: null, validTo: new Date('2026-03-29T01:30:00Z') };
  const cases: readonly [string, TemplateSource, { subject?: string; text?: string; html?: string }][] = [
    [
      'with values escaped in HTML only',
      { text: '{{ username }}', html: '{{ username }}' },
      { text: '<b>&"\'', html: '&lt;b&gt;&amp;&#34;&#39;' },
    ],
    ['with a default for what is missing', { text: '{{ firstName | default: "NA" }}{{ lastName }}' }, { text: 'NA' }],
    [
      'with times in the zone of its reader, across a change of clocks',
      { text: '{{ validTo }}' },
      { text: 'Sunday, 29 March 2026, 03:30 (Europe/Berlin, UTC+2)' },
    ],
    [
      'with a time in a form of its own',
      { text: '{{ validTo | date: "%d.%m.%Y %H:%M %z" }}' },
      { text: '29.03.2026 03:30 +0200' },
    ],
    [
      'with a time inside a filter',
      { text: '{{ validTo | append: "!" }}' },
      { text: 'Sunday, 29 March 2026, 03:30 (Europe/Berlin, UTC+2)!' },
    ],
    ['without reading values as a template', { text: '{{ lastName }}' }, { text: '{{ password }}' }],
    ['without inventing HTML', { text: 'x' }, { text: 'x' }],
    [
      'with a text from HTML',
      { html: '<h1>A</h1><p>b <a href="https://x.example/">c</a></p>' },
      { text: 'A\n\nb c [https://x.example/]\n' },
    ],
  ];
  test.each(cases)('%s', (_, source, expected) => {
    const mail = rendered(source, { ...data, ...(/reading/.test(_) ? { lastName: '{{ password }}' } : {}) });
    expect(mail).toMatchObject({ kind: 'rendered', ...expected });
    if (source.html === undefined) expect(mail.kind === 'rendered' && mail.html).toBeUndefined();
  });

  test('names what it uses', () => {
    const compiled = compileTemplate({ text: '{% if username %}{{ password }}{% endif %}' }, credentialsVariables);
    expect(compiled.kind === 'ok' && [...compiled.template.uses].sort()).toEqual(['password', 'username']);
  });

  test('a mail that grows too long fails, and says where', () => {
    const text = `{% for r in rows %}${'x'.repeat(30_000)}{% endfor %}`;
    const rows = Array.from({ length: 9 }, () => ({}));
    expect(rendered({ text }, { rows }, digestVariables)).toMatchObject({
      kind: 'failed',
      part: 'text',
      message: /256 KiB/,
    });
  });
});

test.each([
  ['a\r\nBcc: x@example.com', 'a Bcc: x@example.com'],
  ['  a \t b  ', 'a b'],
  ['a\u0000\u001b[31mb', 'a [31mb'],
  ['a\u202eb', 'ab'],
  ['ä'.repeat(300), 'ä'.repeat(255)],
  ['😀'.repeat(300), '😀'.repeat(255)],
])('the subject %j is one line', (text, line) => {
  expect(subjectLine(text)).toBe(line);
});

test('no value ends the subject, leaves its place in HTML, or stops the mail', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '{', '}', '%', '\r', '\n', 'a') }),
  );
  const html = '<p title="{{ username }}">{{ firstName }}</p>';
  fc.assert(
    fc.property(text, text, (username, firstName) => {
      const mail = rendered({ subject: '{{ username }}', text: '{{ firstName }}', html }, { username, firstName });
      if (mail.kind === 'failed') throw new Error(mail.message);
      expect(mail.subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      expect(mail.html).toMatch(/^<p title="[^<>"]*">[^<>"]*<\/p>$/);
    }),
  );
});

test('whatever is written for a template is read or refused, and renders in bounded time', () => {
  const piece = fc.constantFrom(
    ...[
      '{{',
      '}}',
      '{%',
      '%}',
      '-',
      ' username ',
      ' if ',
      ' for x in (1..9) ',
      ' endif ',
      ' endfor ',
      '|',
      'upcase',
      '"',
      '.',
      '[',
      ']',
      'a',
      '\n',
      '==',
      ' case ',
      ' when ',
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const compiled = compileTemplate({ text: pieces.join('') }, credentialsVariables);
      if (compiled.kind === 'invalid')
        expect(compiled.faults.every(({ message, line }) => message !== '' && line > 0)).toBe(true);
      else expect(render(compiled.template, sampleData(credentialsVariables), reader).kind).toBe('rendered');
    }),
    { numRuns: 500 },
  );
});
