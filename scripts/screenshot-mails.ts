// Writes docs/images/mails/: the built-in mails in real Chromium, on a phone and on a desk, by day and by night.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launchChromium, mailPage } from '../test/mail/builtin/chromium.ts';
import { renderSample, sampleMails } from '../test/mail/builtin/sample-mails.ts';

const folder = fileURLToPath(new URL('../docs/images/mails/', import.meta.url));
await mkdir(folder, { recursive: true });
const browser = await launchChromium();
for (const width of [360, 800]) {
  for (const scheme of ['light', 'dark'] as const) {
    const page = await mailPage(browser, width, scheme);
    for (const sample of sampleMails.filter(({ picture }) => picture)) {
      await page.setContent(renderSample(sample).html ?? '');
      await page.screenshot({ path: `${folder}${sample.name}-${width}-${scheme}.png`, fullPage: true });
    }
  }
}
await browser.close();
