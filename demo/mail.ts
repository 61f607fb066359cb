// The policy of the demo and the account that it mails.

export function demoPolicy(namespace: string): object {
  return {
    apiVersion: 'relaykeeper.dev/v1alpha1',
    kind: 'NotificationPolicy',
    metadata: { name: 'guests', namespace },
    spec: {
      relayRef: { name: 'starttls' },
      from: { address: 'guests@demo.example', name: 'Demo Guest Portal' },
      credentials: [{ name: 'guest-credentials', selector: guests, password: 'Include' }],
      reminders: [
        {
          name: 'guest-expiry',
          subjects: { accounts: { selector: guests, expiry: 'AccountEnd' } },
          daysBefore: [7, 1],
          schedule: '0 8 * * *',
        },
      ],
    },
  };
}

/** Ends in a week. */
export function demoAccount(namespace: string, now: Date): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'relaykeeper.dev/account',
    metadata: { name: 'guest-jane', namespace, labels: guests.matchLabels },
    stringData: {
      username: 'jane.guest',
      password: 'demo-7-lighthouse',
      email: 'jane@visitor.example',
      firstName: 'Jane',
      lastName: 'Guest',
      validFrom: now.toISOString(),
      validTo: new Date(now.getTime() + 7 * 24 * 3_600_000).toISOString(),
      personBeingVisited: 'Alex Host',
      reasonForVisit: 'Demo',
    },
  };
}

const guests = { matchLabels: { 'relaykeeper.dev/account': 'guest' } };
