// Runs alone in the sandboxed frame: takes a diagram's source from the console, draws it, and says how large it became or why it could not be drawn.

/** What the library puts on the page; it is loaded before this. */
declare const mermaid: {
  initialize(config: object): void;
  render(id: string, source: string): Promise<{ readonly svg: string }>;
};

const settings = {
  startOnLoad: false,
  securityLevel: 'strict',
  htmlLabels: false,
  flowchart: { htmlLabels: false },
  suppressErrorRendering: true,
  maxTextSize: 20_000,
  fontFamily: 'system-ui, sans-serif',
  // What a diagram may not change from within.
  secure: ['secure', 'securityLevel', 'startOnLoad', 'maxTextSize', 'maxEdges', 'suppressErrorRendering', 'htmlLabels', 'dompurifyConfig', 'themeCSS'],
};

const tell = (message: object): void => parent.postMessage(message, '*');

/** A diagram shrinks to the width there is, but not below this share of its size: a wider one scrolls sideways, so that it can be read. */
const leastScale = 0.75;

function tellHeight(): void {
  const { scrollWidth, clientWidth, clientHeight } = document.documentElement;
  // Who has only a keyboard scrolls as well.
  if (scrollWidth > clientWidth) document.body.tabIndex = 0;
  else document.body.removeAttribute('tabindex');
  const scrollbar = innerHeight - clientHeight;
  tell({ state: 'drawn', height: Math.ceil(document.body.getBoundingClientRect().height) + scrollbar });
}

async function draw(source: string, dark: boolean): Promise<void> {
  document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
  mermaid.initialize({ ...settings, theme: dark ? 'dark' : 'default' });
  try {
    const { svg } = await mermaid.render('diagram', source);
    document.body.innerHTML = svg;
    const drawn = document.body.querySelector('svg');
    if (drawn) drawn.style.minWidth = `${Math.round(drawn.viewBox.baseVal.width * leastScale)}px`;
    // Nothing here leads anywhere.
    for (const link of document.body.querySelectorAll('a')) for (const name of link.getAttributeNames()) link.removeAttribute(name);
    tellHeight();
  } catch (error) {
    document.body.replaceChildren();
    tell({ state: 'failed', why: error instanceof Error ? error.message.slice(0, 500) : '' });
  }
}

addEventListener('message', ({ source, data }: MessageEvent<{ source?: unknown; dark?: unknown }>) => {
  if (source === parent && typeof data?.source === 'string') void draw(data.source, data.dark === true);
});
new ResizeObserver(() => {
  if (document.body.firstElementChild?.localName === 'svg') tellHeight();
}).observe(document.body);
tell({ state: 'ready' });
