// What is wrong with how a page is laid out, as short lines: text that is cut off, things that lie on each other, things beside the window, emptiness.
import type { Page } from 'playwright-core';

// Scripts of the page are text here: this side of the project has no types of a browser.
const faults = `(() => {
  const found = [];
  const name = (element) => element.tagName.toLowerCase() + ' "' + (element.textContent || element.getAttribute('aria-label') || '').trim().slice(0, 40) + '"';
  const hidden = (element) => element.closest('[hidden], [inert], .sr-only, .skip-link, [aria-hidden="true"]') !== null || getComputedStyle(element).clipPath === 'inset(50%)';
  const shown = (element) => !hidden(element) && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX + getComputedStyle(element).overflowY);
  /** The part of a box that its scrolling and cutting ancestors let be seen. */
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    let [left, top, right, bottom] = [box.left, box.top, box.right, box.bottom];
    for (let parent = element.parentElement; parent; parent = parent.parentElement) {
      if (getComputedStyle(parent).overflow === 'visible') continue;
      const cut = parent.getBoundingClientRect();
      [left, top, right, bottom] = [Math.max(left, cut.left), Math.max(top, cut.top), Math.min(right, cut.right), Math.min(bottom, cut.bottom)];
    }
    return { left, top, right, bottom, width: right - left, height: bottom - top };
  };
  const texts = [...document.body.querySelectorAll('*')].filter(
    (element) => shown(element) && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''),
  );
  for (const element of texts) {
    const style = getComputedStyle(element);
    const cuts = style.overflowX === 'hidden' || style.overflowX === 'clip';
    if (cuts && style.textOverflow !== 'ellipsis' && style.webkitLineClamp === 'none' && element.scrollWidth > element.clientWidth + 1) found.push('cut off: ' + name(element));
    const box = element.getBoundingClientRect();
    const inScroller = (() => { for (let parent = element.parentElement; parent; parent = parent.parentElement) if (scrolls(parent) && parent.scrollWidth > parent.clientWidth + 1) return true; return false; })();
    if (!inScroller && (box.left < -1 || box.right > innerWidth + 1)) found.push('beside the window: ' + name(element));
  }
  const solid = [...document.body.querySelectorAll('a[href], button, input, select, textarea, summary')].filter(shown);
  const things = [...new Set([...solid, ...texts])].map((element) => ({ element, box: seen(element) })).filter(({ box }) => box.width > 1 && box.height > 1);
  const floats = (element) => { for (let one = element; one; one = one.parentElement) if (/fixed|absolute|sticky/.test(getComputedStyle(one).position)) return true; return false; };
  for (let first = 0; first < things.length; first++)
    for (let second = first + 1; second < things.length; second++) {
      const [a, b] = [things[first], things[second]];
      if (a.element.contains(b.element) || b.element.contains(a.element)) continue;
      const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (across <= 2 || down <= 2 || floats(a.element) || floats(b.element)) continue;
      if (getComputedStyle(a.element).display === 'inline' && getComputedStyle(b.element).display === 'inline') continue;
      found.push('on each other: ' + name(a.element) + ' and ' + name(b.element));
    }
  const main = document.querySelector('main');
  if (!main || main.innerText.trim().length < 20) found.push('blank: main');
  return [...new Set(found)].slice(0, 20);
})()`;

export function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(faults);
}

/** Nothing says any more that it is being loaded. */
export async function settled(page: Page): Promise<void> {
  await page
    .locator('main')
    .getByText(/^(?:Loading…|加载中…)$/u)
    .first()
    .waitFor({ state: 'detached' });
}
