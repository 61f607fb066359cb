// A session with a server of a test, and a message for it.

import { openSession, type SessionDeps } from '../../../src/smtp/session/open-session.ts';
import type { Session, SessionMessage } from '../../../src/smtp/session/session.ts';
import { makeTarget, noTokens, type Wanted } from '../probing.ts';

export function sessionDeps(more: Partial<SessionDeps> = {}): SessionDeps {
  return {
    now: Date.now,
    signal: new AbortController().signal,
    cut: new AbortController().signal,
    tokens: noTokens,
    ...more,
  };
}

export async function open(wanted: Wanted, deps?: Partial<SessionDeps>): Promise<Session> {
  const opened = await openSession(makeTarget(wanted), sessionDeps(deps));
  if (opened.kind === 'failed') throw new Error(`no session: ${opened.failure.what}`);
  return opened.session;
}

export function mail(more: Partial<SessionMessage> = {}): SessionMessage {
  return {
    from: 'sender@example.com',
    recipients: ['recipient@example.com'],
    raw: Buffer.from('Subject: hello\r\n\r\nIt is me.\r\n'),
    smtpUtf8: false,
    ...more,
  };
}
