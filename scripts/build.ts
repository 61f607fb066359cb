// Bundles the program into dist/, quietly: it runs at every install.
import { build } from 'rolldown';
import config from '../rolldown.config.ts';

for (const options of [config].flat()) await build({ ...options, logLevel: 'warn' });
