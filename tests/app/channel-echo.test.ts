// The channel of a third party, in one file, passes the contract of the built-in ones and carries a conversation through the whole app.
import { expect, test } from 'vitest';
import { testChannel } from '../../src/testing/channel-suite.ts';
import { openChannelApp } from '../platforms/channel-app.ts';
import { echoWorld } from '../platforms/echo.ts';

testChannel(echoWorld);

test('a message through it is answered, once, also after a restart', async () => {
  const app = await openChannelApp(echoWorld);
  try {
    const id = await app.platform.says({ text: 'hello' });
    expect(await app.shown(1)).toMatchObject([{ chat: 'ana', text: 'Done.' }]);
    await app.restart();
    await app.platform.again?.(id);
    await app.platform.says({ text: 'and again' });
    expect(await app.shown(2)).toHaveLength(2);
    expect(app.model.requests).toHaveLength(2);
  } finally {
    await app.close();
  }
});
