// Writes docs/troubleshooting.md: one section a reason, from the very table that status messages come from.
import { writeFile } from 'node:fs/promises';
import { type ReasonEntry, reasons } from '../src/api/reasons.ts';

const places: Readonly<Record<ReasonEntry['at'], string>> = {
  Spec: 'the spec (`Accepted`)',
  References: 'what the spec refers to (`ReferencesResolved`)',
  Resolve: 'stage Resolve (`Reachable`)',
  Connect: 'stage Connect (`Reachable`)',
  Greeting: 'stage Greeting (`Reachable`)',
  Ehlo: 'stage Ehlo (`Reachable`)',
  Conversation: 'any stage after Connect',
  StartTls: 'stage StartTls (`Encrypted`)',
  Tls: 'stage Tls (`Encrypted`)',
  Token: 'stage Token (`Authenticated`)',
  Auth: 'stage Auth (`Authenticated`)',
  Envelope: 'stage Envelope (`SenderAccepted`)',
  Data: 'stage Data (`SenderAccepted`)',
};

const retries: Readonly<Record<ReasonEntry['retry'], string>> = {
  later: 'Relaykeeper tries again by itself, ever less often.',
  onChange:
    'Only an edit helps (`Stalled`); Relaykeeper tries at once when the spec, or what it refers to, changes, and now and then in between.',
  never: 'This mail is refused for good; another one may pass.',
};

const entries: [string, ReasonEntry][] = Object.entries(reasons);
const sections = Object.keys(places).flatMap((at) => entries.filter(([, entry]) => entry.at === at).map(section));

await writeFile(
  new URL('../docs/troubleshooting.md', import.meta.url),
  `<!-- Generated from src/api/reasons.ts by \`npm run generate\`; do not edit. -->
# Troubleshooting: every reason, its cause and its remedy

\`kubectl get relays\` shows the reason; \`kubectl describe relay NAME\` shows the message, with what was seen just then and a
remedy made for it. \`relaykeeper probe NAME -n NAMESPACE -v\` runs the same test from where you are, step by step.

${sections.join('\n\n')}
`,
);

function section([reason, { at, cause, remedy, retry }]: [string, ReasonEntry]): string {
  return `## ${reason}\nSeen at ${places[at]}.\n\n${cause}\n\n**Remedy.** ${remedy}\n\n${retries[retry]}`;
}
