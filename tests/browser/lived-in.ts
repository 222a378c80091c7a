// A home that somebody has used for a while: conversations, a reminder, notes, a secret, a refused command.
import type { Browser } from 'playwright-core';
import { logIn, openView, say } from './browser.ts';
import type { CopawServer } from './server.ts';

export async function fillHome(browser: Browser, server: CopawServer): Promise<void> {
  const view = await openView(browser);
  const { page } = view;
  await logIn(page, server.link);
  for (const [words, answer] of [
    ['What time is it?', /current_time.*Done/u],
    ['write buy milk, call Ada to notes.txt and read it back', /read_file.*Done/u],
    ['run: wc -l *.md', /run_command.*Done/u],
  ] as const) {
    await say(page, words);
    await page.getByRole('button', { name: answer }).last().waitFor();
  }
  await page.getByRole('button', { name: 'New conversation' }).click();
  await say(page, 'remind me in 3 hours to stretch');
  await page.getByRole('button', { name: /remind.*Done/u }).waitFor();
  await view.context.close();
}
