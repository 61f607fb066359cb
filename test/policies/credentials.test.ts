// Credentials from an account's file to the mail that a server got.
import { describe, expect, test } from 'vitest';
import {
  account,
  credentials,
  folders,
  mailsOf,
  policy,
  put,
  relay,
  startOperator,
  startSink,
  until,
} from './operating.ts';

describe('an account that is added', { timeout: 60_000 }, () => {
  test('gets the credentials mail, once, and the policy says so', async () => {
    const sink = await startSink();
    const files = folders();
    put(files, 'relay', relay('corporate', sink.port));
    put(files, 'policy', policy({ credentials: [credentials()] }));
    const operator = await startOperator({ folders: files });
    await until('the policy runs', () => operator.ready() === 'True Running');
    put(files, 'anna', account('anna'));
    await until('the mail', () => sink.messages.length > 0);
    const [mail] = await mailsOf(sink);
    expect(mail?.to).toMatchObject({ text: 'anna@example.com' });
    expect(mail?.from).toMatchObject({ text: '"Guest Portal" <portal@example.com>' });
    const status = await until('the status', () => operator.status()?.totals?.sent === 1 && operator.status());
    expect(status).toMatchObject({
      totals: { sent: 1, failed: 0, pending: 0 },
      rules: [{ kind: 'Credentials', name: 'guest-credentials', subjects: 1, invalid: 0, sent: 1, sentBy: 'here' }],
      recentDeliveries: [
        { rule: 'guest-credentials', to: 'a***@example.com', outcome: 'Accepted', relay: 'mail/corporate' },
      ],
    });
    await operator.run.settled();
    expect(sink.messages).toHaveLength(1);
  });
});
