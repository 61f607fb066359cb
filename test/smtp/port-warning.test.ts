import { expect, test } from 'vitest';
import { unusualPort } from '../../src/smtp/port-warning.ts';
import { makeTarget } from './probing.ts';

test.each([
  { port: 587, mode: 'StartTls', warned: false },
  { port: 465, mode: 'Implicit', warned: false },
  { port: 25, mode: 'None', warned: false },
  { port: 2525, mode: 'Implicit', warned: false },
  { port: 465, mode: 'StartTls', warned: true },
  { port: 587, mode: 'Implicit', warned: true },
  { port: 25, mode: 'Implicit', warned: true },
] as const)('port $port with mode $mode is a warning: $warned', ({ port, mode, warned }) => {
  const warning = unusualPort(makeTarget({ port, tls: { mode } }));
  expect(warning?.reason).toBe(warned ? 'UnusualPort' : undefined);
});
