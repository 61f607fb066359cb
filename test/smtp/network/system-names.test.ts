import { describe, expect, test } from 'vitest';
import { addressesFromHosts, expandSearch, parseHosts } from '../../../src/smtp/network/system-names.ts';

describe('the hosts file', () => {
  const hosts =
    '# comment\n127.0.0.1 localhost\n192.0.2.7\tmail.corp MAIL # the relay\n2001:db8::7 mail.corp\nnonsense mail.corp\n';

  test.each([
    ['mail.corp', ['192.0.2.7', '2001:db8::7']],
    ['mail', ['192.0.2.7']],
    ['relay', []],
  ])('gives "%s" its addresses', (name, addresses) => {
    expect(parseHosts(hosts, name)).toEqual(addresses);
  });

  test('need not exist for localhost to be known (RFC 6761)', async () => {
    expect(await addressesFromHosts('localhost', '/nonexistent/hosts')).toEqual(['127.0.0.1', '::1']);
    expect(await addressesFromHosts('mail.corp', '/nonexistent/hosts')).toEqual([]);
  });
});

describe('the search list', () => {
  const inPod =
    'search mail.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.0.0.10\noptions ndots:5\n';

  test.each([
    [
      'a pod asks for a short name in its namespace first',
      'postfix',
      inPod,
      ['postfix.mail.svc.cluster.local', 'postfix.svc.cluster.local', 'postfix.cluster.local', 'postfix'],
    ],
    [
      'a name with as many dots as ndots is asked for as it is first',
      'a.b.c.d.e.f',
      inPod,
      [
        'a.b.c.d.e.f',
        'a.b.c.d.e.f.mail.svc.cluster.local',
        'a.b.c.d.e.f.svc.cluster.local',
        'a.b.c.d.e.f.cluster.local',
      ],
    ],
    ['without a list there is one name', 'postfix', 'nameserver 10.0.0.10\n', ['postfix']],
    ['a domain counts as a list of one', 'postfix', 'domain corp.example.\n', ['postfix.corp.example', 'postfix']],
  ])('%s', (_name, host, resolvConf, names) => {
    expect(expandSearch(host, resolvConf)).toEqual(names);
  });
});
