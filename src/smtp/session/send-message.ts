// One mail transaction on an open session (RFC 5321 section 3.3), with a result for each recipient.
//
//     MAIL ─► RCPT… ─► DATA ─► message ─► final dot ─reply─► accepted, deferred or refused
//      └─ lost ──────────────────┴─ deferred    └─ lost ─► unknown: the server may have taken it
import { type Conversation, failure } from '../conversation.ts';
import { scrubbedFailure, scrubbedReply } from '../scrub.ts';
import { askEnvelope, type Command } from './ask-envelope.ts';
import { type MessageBody, messageBody } from './message-body.ts';
import { type EnvelopePlan, planEnvelope } from './plan-envelope.ts';
import type { RecipientResult, SendLimits, SendResult, SessionMessage } from './session.ts';
import { judge, type SessionState, type Transaction, type Verdict } from './verdict.ts';

export async function sendMessage(
  conversation: Conversation,
  state: SessionState,
  message: SessionMessage & SendLimits,
): Promise<SendResult> {
  const body = messageBody(message.raw);
  const plan = planEnvelope(conversation, message, body);
  if (plan.kind === 'refused') return forAll(message, { kind: 'not', outcome: 'refused', failure: plan.failure });
  const { connection } = conversation;
  if (!connection) return notSent(message);
  const transaction: Transaction = { conversation, connection, state, dataBy: message.dataBy };
  const hindrance = await reset(transaction);
  if (hindrance.kind === 'not') return { ...forAll(message, hindrance), untouched: true };
  const result = await transact(transaction, plan, body);
  return { ...result, recipients: result.recipients.map((one) => scrubbed(conversation, one)) };
}

/** For a session that is over. */
export function notSent(message: SessionMessage): SendResult {
  const what = 'The connection to the server was over before the message was sent.';
  const verdict: Verdict = { kind: 'not', outcome: 'deferred', failure: failure('Envelope', 'ConnectionClosed', what) };
  return { ...forAll(message, verdict), untouched: true };
}

function forAll({ recipients }: SessionMessage, verdict: Verdict): SendResult {
  return { recipients: recipients.map((to) => resultOf(to, verdict)), untouched: false };
}

function resultOf(to: string, verdict: Verdict): RecipientResult {
  return verdict.kind === 'taken'
    ? { to, outcome: 'accepted', reply: verdict.reply }
    : { to, outcome: verdict.outcome, failure: verdict.failure };
}

const resetCommand: Command = { step: 'mail', line: 'RSET', name: 'RSET' };

/** Only where the transaction before was left open: DATA ends one by itself. */
async function reset(transaction: Transaction): Promise<Verdict> {
  const { state } = transaction;
  const [verdict] = state.transactionOpen ? await askEnvelope(transaction, [resetCommand]) : [];
  if (!verdict) return nothingToDo;
  state.transactionOpen = false;
  if (verdict.kind === 'not') state.ended = true;
  return verdict;
}

const nothingToDo: Verdict = { kind: 'taken', reply: { code: 250, enhancedCode: undefined, lines: [] } };

async function transact(
  transaction: Transaction,
  plan: EnvelopePlan & { kind: 'ask' },
  body: MessageBody,
): Promise<SendResult> {
  const { state } = transaction;
  const asked = plan.recipients.filter((recipient) => recipient.kind === 'ask');
  const [mail = nothingToDo, ...rest] = asked.length === 0 ? [] : await askEnvelope(transaction, commandsOf(plan));
  const data = rest.at(-1) ?? nothingToDo;
  state.transactionOpen = mail.kind === 'taken' && asked.length > 0;
  const taken = (index: number) => mail.kind === 'taken' && rest[index]?.kind === 'taken';
  const wanted = asked.some((_recipient, index) => taken(index));
  const end = data.kind === 'not' || asked.length === 0 ? data : await finish(transaction, body, wanted);
  const verdicts = new Map(
    asked.map(({ to }, index) => [to, mail.kind === 'not' ? mail : taken(index) ? end : (rest[index] ?? mail)]),
  );
  return {
    recipients: plan.recipients.map((recipient) =>
      recipient.kind === 'refused'
        ? { to: recipient.to, outcome: 'refused', failure: recipient.failure }
        : resultOf(recipient.to, verdicts.get(recipient.to) ?? end),
    ),
    untouched: mail.kind === 'not' && (mail.failure.reply === undefined || mail.failure.reply.code === 421),
  };
}

function commandsOf({ sender, mail, recipients }: EnvelopePlan & { kind: 'ask' }): Command[] {
  const asked = recipients.filter((recipient) => recipient.kind === 'ask');
  return [
    { step: 'mail', line: mail, name: 'MAIL FROM', address: sender },
    ...asked.map(({ to, command }): Command => ({ step: 'rcpt', line: command, name: 'RCPT TO', address: to })),
    { step: 'data', line: 'DATA', name: 'DATA' },
  ];
}

/** The server waits for the message. Where it took no recipient, it gets an empty one (RFC 2920 section 3.1). */
async function finish(transaction: Transaction, body: MessageBody, wanted: boolean): Promise<Verdict> {
  const { conversation, connection, state, dataBy } = transaction;
  if (wanted && dataBy !== undefined && conversation.deps.now() > dataBy) {
    state.ended = true;
    const what = 'The server took so long to ask for the message that it was not sent any more.';
    return { kind: 'not', outcome: 'deferred', failure: failure('Data', 'ReplyTimedOut', what) };
  }
  const { dataEnd } = conversation.target.deliveryTimeouts;
  const [bytes, shown] = wanted ? [body.wire, `<a message of ${body.size} bytes>`] : ['.\r\n', '.'];
  const answer = connection.say(bytes, [shown]) ?? (await connection.readReply(dataEnd));
  state.transactionOpen = false;
  const verdict = judge(transaction, { step: 'dataEnd', name: 'the message' }, answer);
  // What never left this machine cannot have been taken.
  const doubtful = answer.kind === 'broken' && connection.flushed;
  return verdict.kind === 'not' && doubtful ? { ...verdict, outcome: 'unknown' } : verdict;
}

function scrubbed(conversation: Conversation, result: RecipientResult): RecipientResult {
  return result.outcome === 'accepted'
    ? { ...result, reply: scrubbedReply(conversation, result.reply) }
    : { ...result, failure: scrubbedFailure(conversation, result.failure) };
}
