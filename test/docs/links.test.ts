// Links between pages and into the repository lead somewhere, and every page can be found.
import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { anchorsIn, type Page, pages, proseOf, quotedIn, root } from './pages.ts';

const byPath = new Map(pages.map((page) => [page.path, page]));

interface Link {
  readonly target: string;
  readonly anchor: string | undefined;
}

/** Those that stay in the repository, their targets from its root. */
function linksOf(page: Page): Link[] {
  return [
    ...proseOf(page)
      .replace(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].flatMap(([, link = '']) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page.path : normalize(join(dirname(page.path), path)).replace(/\/$/, '');
    return [{ target, anchor }];
  });
}

test.each(pages.map((page) => [page.path, page] as const))('the links of %s lead somewhere', (_, page) => {
  const broken = linksOf(page).filter(({ target, anchor }) => {
    if (!existsSync(join(root, target))) return true;
    const other = byPath.get(target);
    return anchor !== undefined && other !== undefined && !anchorsIn(other).has(anchor);
  });
  expect(broken).toEqual([]);
});

test('every page can be reached from docs/README.md', () => {
  const reached = new Set<string>();
  const visit = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    const page = byPath.get(path);
    if (!page) return;
    for (const { target } of linksOf(page)) {
      const inside = statSync(join(root, target), { throwIfNoEntry: false })?.isDirectory()
        ? pages.filter((one) => dirname(one.path) === target).map((one) => one.path)
        : [target];
      for (const one of inside) visit(one);
    }
  };
  visit('docs/README.md');
  expect(pages.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
});

test('files and folders of the repository that a page names are there', () => {
  const folders = /^(?:src|test|docs|crds|charts|examples|deploy|scripts|demo|bench|bin)\/[\w./-]*$/;
  const missing = pages.flatMap((page) =>
    quotedIn(page)
      .filter((text) => folders.test(text) && !existsSync(join(root, text)))
      .map((text) => `${page.path}: ${text}`),
  );
  expect(missing).toEqual([]);
});
