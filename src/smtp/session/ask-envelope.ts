// Says the commands of an envelope and hears what the server makes of each: all in one go where it offers PIPELINING
// (RFC 2920), else one by one, and then no more than make sense.
import { offered } from '../conversation.ts';
import { type Asked, judge, pointless, type Transaction, type Verdict } from './verdict.ts';

export interface Command extends Asked {
  readonly line: string;
}

/** A verdict for each command, in order. */
export async function askEnvelope(transaction: Transaction, commands: readonly Command[]): Promise<Verdict[]> {
  const { conversation, connection, state } = transaction;
  const together = commands.length > 1 && offered(conversation, 'PIPELINING') !== undefined;
  const early = together ? say(transaction, commands) : undefined;
  const verdicts: Verdict[] = [];
  for (const command of commands) {
    if (state.ended || (!together && isPointless(command, verdicts))) {
      verdicts.push(pointless(verdicts.findLast(({ kind }) => kind === 'not')));
      continue;
    }
    const hindrance = together ? early : say(transaction, [command]);
    verdicts.push(judge(transaction, command, hindrance ?? (await connection.readReply(patience(transaction)))));
  }
  return verdicts;
}

function say({ connection }: Transaction, commands: readonly Command[]) {
  return connection.say(
    commands.map(({ line }) => `${line}\r\n`).join(''),
    commands.map(({ line }) => line),
  );
}

function isPointless({ step }: Command, [mail, ...recipients]: readonly Verdict[]): boolean {
  if (mail === undefined) return false;
  return mail.kind === 'not' || (step === 'data' && recipients.every(({ kind }) => kind === 'not'));
}

function patience({ conversation: { target, deps }, dataBy }: Transaction): number {
  const { command } = target.deliveryTimeouts;
  return dataBy === undefined ? command : Math.max(0, Math.min(command, dataBy - deps.now()));
}
