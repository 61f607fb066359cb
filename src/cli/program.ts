// Wires the commands; each lives in a file of its own and is loaded when it is called.
import { Command } from 'commander';
import { alarmsCommand } from './alarms/alarms-command.ts';
import { completionCommand } from './completion/completion-command.ts';
import { doctorCommand } from './doctor/doctor-command.ts';
import { explainCommand } from './explain-command.ts';
import type { Io } from './io.ts';
import { outboxCommand } from './outbox-command.ts';
import { previewCommand } from './preview-command.ts';
import { probeCommand } from './probe-command.ts';
import { runCommand } from './run-command.ts';
import { sendTestCommand } from './send-test-command.ts';
import { upcomingCommand } from './upcoming-command.ts';
import { validateCommand } from './validate-command.ts';
import { version } from './version.ts';
import { versionCommand } from './version-command.ts';

export function createProgram(io: Io, done: (exitCode: number) => void): Command {
  const program = new Command('relaykeeper')
    .description('Declares, watches and proves how mail leaves: relays as resources, with their state in status.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain the command')
    .showHelpAfterError('Try --help.')
    // `alarms` has flags, and so have its inner commands: after a command's name they are that command's.
    .enablePositionalOptions()
    .configureOutput({ outputError: (text, write) => write(withoutValue(text)) })
    .exitOverride();
  for (const command of commands) {
    program.addCommand(inheriting(command(io, done), program));
  }
  return program;
}

const commands = [
  runCommand,
  validateCommand,
  probeCommand,
  previewCommand,
  sendTestCommand,
  upcomingCommand,
  explainCommand,
  alarmsCommand,
  outboxCommand,
  doctorCommand,
  completionCommand,
  versionCommand,
];

function inheriting(command: Command, parent: Command): Command {
  command.exitOverride().copyInheritedSettings(parent);
  for (const inner of command.commands) inheriting(inner, command);
  return command;
}

/** A mistaken `--password=…` must not stand in a log. */
function withoutValue(text: string): string {
  return text.replace(/^(error: unknown option '-[^'=]*)=.*'/s, "$1'");
}
