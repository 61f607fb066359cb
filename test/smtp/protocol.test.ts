import { describe, expect, test } from 'vitest';
import { recognizeProtocol } from '../../src/smtp/protocol.ts';

describe('by its first bytes', () => {
  test.each([
    ['220 mx.example.com ESMTP', 'SMTP'],
    ['554-go away', 'SMTP'],
    ['220 ftp.example.com ESMTP', 'SMTP'],
    ['220 ProFTPD Server', 'FTP'],
    ['HTTP/1.1 400 Bad Request', 'HTTP'],
    ['<!DOCTYPE html>', 'HTTP'],
    ['SSH-2.0-OpenSSH_9.9', 'SSH'],
    ['* OK IMAP4rev1', 'IMAP'],
    ['* BYE overloaded', 'IMAP'],
    ['+OK POP3', 'POP3'],
    ['200 news.example.com InterNetNews NNRP server ready (posting ok)', 'NNTP'],
    ['RFB 003.008\n', 'VNC'],
    ['\x16\x03\x03\x00\x7a\x02', 'TLS'],
    ['\x15\x03\x01\x00\x02\x02\x16', 'TLS'],
    ['\x4a\x00\x00\x00\x0a8.0.33', 'MySQL'],
    ['', undefined],
    ['hello', undefined],
    ['\x16\x02', undefined],
  ])('%j is %s', (bytes, protocol) => {
    expect(recognizeProtocol(Buffer.from(bytes, 'latin1'))).toBe(protocol);
  });
});
