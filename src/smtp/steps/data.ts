// Stage Data: sends a real test message from the first sender to the probe's recipient.
import { brokenOff, type Conversation } from '../conversation.ts';
import type { Failure } from '../failure.ts';
import { endpoint } from '../network/host-name.ts';
import { offerMail } from './envelope.ts';
import { envelopeAddress } from './mail-address.ts';
import { refused } from './refused.ts';
import { dotStuffed, testMessage } from './test-message.ts';

export async function data(conversation: Conversation): Promise<Failure | undefined> {
  const { connection, target } = conversation;
  const [sender] = target.senders;
  const { recipient } = target;
  if (!connection || sender === undefined || recipient === undefined) return undefined;
  const message = composed(conversation, sender, recipient);
  const notTaken = await offerMail(conversation, { connection, sender, recipient, size: Buffer.byteLength(message) });
  if (notTaken) return notTaken;
  const ready = await connection.command('DATA');
  if (ready.kind === 'broken') return brokenOff('Data', ready, 'the reply to DATA');
  if (ready.reply.code !== 354) {
    return refused(conversation, { stage: 'Data', during: 'data', reply: ready.reply, command: 'DATA', expected: 354 });
  }
  const taken = await connection.content(
    dotStuffed(message),
    `<a test message of ${Buffer.byteLength(message)} bytes>`,
  );
  if (taken.kind === 'broken') return brokenOff('Data', taken, 'the reply to the message');
  if (taken.reply.code !== 250) {
    return refused(conversation, {
      stage: 'Data',
      during: 'dataEnd',
      reply: taken.reply,
      command: 'the message',
      expected: 250,
    });
  }
  conversation.queued = taken.reply;
  return undefined;
}

function composed({ target, deps }: Conversation, sender: string, recipient: string): string {
  return testMessage({
    from: addressOf(sender),
    to: addressOf(recipient),
    endpoint: endpoint(target.host, target.port),
    now: deps.now(),
    id: deps.randomId(),
  });
}

function addressOf(text: string): string {
  const address = envelopeAddress(text);
  return address.kind === 'usable' ? address.path : text;
}
