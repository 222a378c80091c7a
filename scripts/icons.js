// Makes the PNG icons of the console from console/public/icon.svg with a real Chromium. By hand, after the drawing changed: node scripts/icons.js
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const folder = join(import.meta.dirname, '../console/public');
const svg = readFileSync(join(folder, 'icon.svg'), 'utf8');
/** To the edge and with room around the paw: what cuts the icon to its own shape cuts no toe. */
const whole = svg.replace(' rx="16"', '').replace('<g ', '<g transform="translate(32 35) scale(0.8) translate(-32 -35)" ');
if (whole.length === svg.length) throw new Error('icon.svg is not drawn as expected: a square with rx="16", and one group.');

const icons = [
  ['icon-192.png', 192, svg],
  ['icon-512.png', 512, svg],
  ['icon-maskable-192.png', 192, whole],
  ['icon-maskable-512.png', 512, whole],
  ['apple-touch-icon.png', 180, whole],
];

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const [name, size, drawing] of icons) {
    const page = await browser.newPage({ viewport: { width: size, height: size }, deviceScaleFactor: 1 });
    await page.setContent(`<style>html,body{margin:0;background:transparent}svg{display:block;width:${size}px;height:${size}px}</style>${drawing}`);
    writeFileSync(join(folder, name), await page.screenshot({ omitBackground: true }));
    await page.close();
  }
} finally {
  await browser.close();
}
