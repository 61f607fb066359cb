import { expect, test } from 'vitest';
import { hostAllowed } from '../../src/smtp/host-allowed.ts';

test.each<{ name: string; host: string; patterns: readonly string[] | undefined; allowed: boolean }>([
  { name: 'no list allows every host', host: 'mail.example.com', patterns: undefined, allowed: true },
  { name: 'an empty list allows every host', host: 'mail.example.com', patterns: [], allowed: true },
  { name: 'a name allows itself', host: 'mail.example.com', patterns: ['mail.example.com'], allowed: true },
  { name: 'case does not matter', host: 'Mail.Example.COM', patterns: ['mail.EXAMPLE.com'], allowed: true },
  { name: 'nor a dot at the end', host: 'mail.example.com.', patterns: ['mail.example.com'], allowed: true },
  {
    name: 'a name allows nothing below it',
    host: 'a.mail.example.com',
    patterns: ['mail.example.com'],
    allowed: false,
  },
  { name: 'a star allows what is below', host: 'a.b.example.com', patterns: ['*.example.com'], allowed: true },
  { name: 'a star does not allow the domain itself', host: 'example.com', patterns: ['*.example.com'], allowed: false },
  { name: 'nor another that ends alike', host: 'badexample.com', patterns: ['*.example.com'], allowed: false },
  { name: 'one of several is enough', host: 'b.test', patterns: ['a.test', 'b.test'], allowed: true },
])('$name', ({ host, patterns, allowed }) => {
  expect(hostAllowed(host, patterns)).toBe(allowed);
});
