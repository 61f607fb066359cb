// The built-in mails in real Chromium: nothing is cut off or runs over, on a phone and on a desk, by day and by night.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, launchChromium, mailPage } from './chromium.ts';
import { renderSample, sampleMails } from './sample-mails.ts';

if (chromiumPath === undefined) console.warn('no chromium here: the layout of the mails is not tested (set CHROMIUM)');

describe.skipIf(chromiumPath === undefined)('in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  }, 60_000);
  afterAll(() => browser.close());

  test.each([320, 360, 800])(
    'at %i px nothing runs over the edge',
    async (width) => {
      const page = await mailPage(browser, width, 'light');
      for (const sample of sampleMails) {
        await page.setContent(renderSample(sample).html ?? '');
        // What a page in the browser runs is text: this file knows no DOM.
        const over = await page.evaluate(
          `[...document.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > ${width} + 0.5).map((e) => e.tagName + ' ' + e.textContent.slice(0, 40))`,
        );
        expect([sample.name, over]).toEqual([sample.name, []]);
      }
    },
    120_000,
  );

  test.each(['light', 'dark'] as const)(
    'every text of a %s mail stands out from its ground',
    async (scheme) => {
      const page = await mailPage(browser, 360, scheme);
      for (const sample of sampleMails.filter(({ picture }) => picture)) {
        await page.setContent(renderSample(sample).html ?? '');
        const faint = await page.evaluate(faintTexts);
        expect([sample.name, faint]).toEqual([sample.name, []]);
      }
    },
    120_000,
  );

  test('a button is large enough for a thumb', async () => {
    const page = await mailPage(browser, 360, 'light');
    const sample = sampleMails.find(({ name }) => name === 'credentials-link');
    await page.setContent((sample && renderSample(sample).html) ?? '');
    const box = await page.locator('a.button').boundingBox();
    expect(box?.height).toBeGreaterThanOrEqual(44);
    expect(box?.width).toBeGreaterThan(250);
  });

  test('values that run from right to left do so, and leave the rest as it is', async () => {
    const page = await mailPage(browser, 360, 'light');
    const sample = sampleMails.find(({ name }) => name === 'credentials-right-to-left');
    await page.setContent((sample && renderSample(sample).html) ?? '');
    const directions = await page.evaluate(
      `[...document.querySelectorAll('.value > span')].map((e) => e.matches(':dir(rtl)') ? 'rtl' : 'ltr')`,
    );
    expect(directions).toEqual(['ltr', 'ltr', 'rtl', 'rtl', 'ltr', 'ltr', 'ltr', 'rtl', 'rtl']);
  });
});

/** WCAG 2.1, success criterion 1.4.3: texts with a contrast below 4.5. */
const faintTexts = `(() => {
  const parse = (c) => (c.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (c) => { const [r, g, b] = parse(c).map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if ((parse(c)[3] ?? 1) > 0) return c; } return 'rgb(255, 255, 255)'; };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    if (text === '') continue;
    const e = walker.currentNode.parentElement;
    const [a, b] = [light(getComputedStyle(e).color), light(ground(e))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faint.push(text.slice(0, 40) + ' ' + contrast.toFixed(1));
  }
  return faint;
})()`;
