import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createLog, type LogOptions } from '../../../src/cli/log/create-log.ts';
import { prettyLine } from '../../../src/cli/log/pretty-line.ts';

function open(options: Partial<Pick<LogOptions, 'level' | 'format'>> & { readonly isTTY?: boolean } = {}) {
  const stream = Object.assign(new PassThrough(), { isTTY: options.isTTY ?? false });
  let text = '';
  stream.on('data', (chunk) => {
    text += String(chunk);
  });
  const io = { stdout: stream as unknown as NodeJS.WriteStream, env: {} };
  const log = createLog({ level: options.level ?? 'info', format: options.format, io });
  return { log, text: () => text, lines: () => text.split('\n').filter(Boolean) };
}

describe('the log', () => {
  test('is JSON where no terminal is, with namespace and name of what it is about', () => {
    const { log, lines } = open();
    log.warn({ relay: 'mail/corporate', reason: 'ConnectionRefused' }, 'no connection');
    const { time, ...line } = JSON.parse(lines()[0] ?? '');
    expect(Date.parse(time)).not.toBeNaN();
    const about = { relay: 'mail/corporate', namespace: 'mail', name: 'corporate', reason: 'ConnectionRefused' };
    expect(line).toEqual({ level: 40, ...about, msg: 'no connection' });
  });

  test('writes no field that is not listed, and nothing but texts and numbers', () => {
    const { log, text } = open();
    const careless = {
      relay: 'mail/corporate',
      password: 'hidden-1',
      headers: { authorization: 'hidden-2' },
      error: new Error('hidden-3'),
      subject: { data: 'hidden-4' },
      id: Buffer.from('hidden-5'),
      key: ['hidden-6'],
    };
    log.info(careless as never, 'a message');
    expect(text()).toContain('mail/corporate');
    expect(text()).not.toContain('hidden');
    expect(text()).not.toContain(Buffer.from('hidden-5').toJSON().data.join(','));
  });

  test('tells what is below its level only while debug is on', () => {
    const { log, lines } = open({ level: 'warn' });
    log.info({}, 'one');
    log.debug({}, 'two');
    expect(lines()).toEqual([]);
    log.toggleDebug();
    log.debug({ verb: 'get', status: 404 }, 'three');
    log.toggleDebug();
    log.info({}, 'four');
    log.warn({}, 'five');
    const told = lines().map((line) => JSON.parse(line).msg);
    expect(told).toEqual(['the log level is debug from now on', 'three', 'the log level is warn from now on', 'five']);
  });

  test('that began with debug goes to info by the signal', () => {
    const { log, lines } = open({ level: 'debug' });
    log.toggleDebug();
    log.debug({}, 'unseen');
    expect(lines()).toHaveLength(1);
  });

  test.each([
    ['on a terminal', { isTTY: true }],
    ['where asked for', { format: 'pretty' as const }],
  ])('is text %s', (_, options) => {
    const { log, lines } = open(options);
    log.error({ policy: 'mail/guests', rule: 'r', reason: 'X' }, 'it failed');
    expect(stripVTControlCharacters(lines()[0] ?? '')).toMatch(
      /^\d\d:\d\d:\d\d ERROR mail\/guests r it failed reason=X$/,
    );
  });

  test('is JSON on a terminal where asked for', () => {
    const { log, lines } = open({ isTTY: true, format: 'json' });
    log.info({}, 'hello');
    expect(JSON.parse(lines()[0] ?? '').msg).toBe('hello');
  });
});

test('a line for a person lets no control character of a server through, and keeps the lines of a stack', () => {
  const line = JSON.stringify({
    level: 50,
    time: '2026-11-24T08:00:01.000Z',
    relay: 'mail/corporate',
    msg: 'said \u001b[2J\nand more',
    error: 'Error: x\n    at y',
  });
  expect(prettyLine(line, false)).toBe(
    '08:00:01 ERROR mail/corporate said \\x1b[2J\\x0aand more\nError: x\n    at y\n',
  );
});
