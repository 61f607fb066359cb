import { describe } from 'vitest';
import { createFileSegments } from '../../src/store/directory/file-segments.ts';
import { temporaryDirectory } from '../store/directory/temporary-directory.ts';
import { compactingConformance } from './compacting.ts';

describe('the ledger in files', () => {
  compactingConformance(async () => {
    const directory = temporaryDirectory();
    return () => createFileSegments(directory);
  });
});
