import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { openBrowser } from './process-browser.ts';

let folder: TempFolder;
beforeEach(() => {
  folder = tempFolder();
});
afterEach(() => folder.remove());

const link = 'http://127.0.0.1:8088/#code=abc-DEF_1';

describe.runIf(process.platform === 'linux')('the browser', () => {
  test('is started with the link and nothing else', async () => {
    const opener = join(folder.path, 'xdg-open');
    const seen = join(folder.path, 'seen');
    writeFileSync(opener, `#!/bin/sh\nprintf '%s|' "$#" "$@" > ${seen}.part && mv ${seen}.part ${seen}\n`);
    chmodSync(opener, 0o755);
    expect(await openBrowser(link, { PATH: `${folder.path}:/usr/bin:/bin`, DISPLAY: ':0' })).toBe(true);
    await expect.poll(() => readFileSync(seen, 'utf8')).toBe(`1|${link}|`);
  });

  test('is not looked for without a display, and its absence is no failure', async () => {
    expect(await openBrowser(link, { PATH: '/usr/bin' })).toBe(false);
    expect(await openBrowser(link, { PATH: folder.path, DISPLAY: ':0' })).toBe(false);
  });

  test.each(['file:///etc/passwd', 'http://evil.example/', 'http://127.0.0.1:8088/#code=a b', '--help', 'http://127.0.0.1:80@evil.example/'])(
    'never gets %s',
    async (url) => {
      await expect(openBrowser(url, { DISPLAY: ':0' })).rejects.toMatchObject({ code: 'process-refused' });
    },
  );
});
