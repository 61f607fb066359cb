// Real Chromium, where the machine has one.
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

export const chromiumPath = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && path !== '' && existsSync(path));

export async function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('there is no chromium; set CHROMIUM to its path');
  // As root, which containers run as, Chromium's own sandbox does not start; it shows only what this repository made.
  return chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--disable-lcd-text'],
  });
}

/** A page of that width that may fetch nothing: a mail is complete in itself. */
export async function mailPage(browser: Browser, width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: 400 },
    colorScheme,
    javaScriptEnabled: true,
    offline: true,
  });
  return context.newPage();
}
