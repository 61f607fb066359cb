// Starts a Postfix and says where, then waits to be killed: for the test that nothing stays behind.
import { createAuthority } from '../../demo/authority.ts';
import { startPostfix } from './postfix.ts';

const authority = await createAuthority();
const postfix = await startPostfix({ certificate: await authority.issue() });
process.stdout.write(`${JSON.stringify({ smtpPort: postfix.smtpPort, directory: postfix.directory })}\n`);
setInterval(() => undefined, 60_000);
