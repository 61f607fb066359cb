// npm run bench [SCENARIO…] [-- --json FILE]: measures this program beside what people use today, and prints medians and
// ratios. The figures to reach are shown, but a miss is no failure: machines differ.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Result, resultLine } from './result.ts';
import type { Scenario } from './scenario.ts';
import { accountsScenario } from './scenarios/accounts.ts';
import { alarmsScenario } from './scenarios/alarms.ts';
import { cliScenario } from './scenarios/cli.ts';
import { clusterScenario } from './scenarios/cluster.ts';
import { deliveryScenario } from './scenarios/delivery.ts';
import { footprintScenario } from './scenarios/footprint.ts';
import { planScenario } from './scenarios/plan.ts';
import { probeScenario } from './scenarios/probe.ts';

const scenarios: Readonly<Record<string, Scenario>> = {
  probe: probeScenario,
  cli: cliScenario,
  cluster: clusterScenario,
  accounts: accountsScenario,
  footprint: footprintScenario,
  plan: planScenario,
  delivery: deliveryScenario,
  alarms: alarmsScenario,
};

process.exitCode = await main();

async function main(): Promise<number> {
  const given = readArguments();
  if (typeof given === 'string') {
    process.stderr.write(`${given}\n`);
    return 2;
  }
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism() };
  process.stdout.write(`Node ${machine.node}, ${machine.cores} cores of ${machine.cpu}\n`);
  const wanted = Object.entries(scenarios).filter(([name]) => given.names.length === 0 || given.names.includes(name));
  const results: Result[] = [];
  for (const [, scenario] of wanted) results.push(...(await run(scenario)));
  if (given.json !== undefined) {
    await writeFile(given.json, `${JSON.stringify({ machine, results }, undefined, 2)}\n`);
  }
  return 0;
}

interface Arguments {
  readonly names: readonly string[];
  readonly json: string | undefined;
}

/** What is wrong with them, where they cannot be used. */
function readArguments(): Arguments | string {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });
    const unknown = positionals.filter((name) => !Object.hasOwn(scenarios, name));
    if (unknown.length === 0) return { names: positionals, json: values.json };
    return `No scenario ${unknown.join(', ')}; there are ${Object.keys(scenarios).join(', ')}.`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function run(scenario: Scenario): Promise<Result[]> {
  const directory = await mkdtemp(join(tmpdir(), 'relaykeeper-bench-'));
  const results: Result[] = [];
  try {
    await scenario({
      directory,
      note: (text) => process.stdout.write(`${text}\n`),
      found(result) {
        results.push(result);
        process.stdout.write(`${resultLine(result)}\n`);
      },
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return results;
}
