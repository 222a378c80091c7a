// Keys are shortcuts only where they are no words, and never an input method's.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Press, shortcutOf, shortcuts } from './shortcut.ts';

const press = (more: Partial<Press>): Press => ({
  ...{ key: 'x', keyCode: 0, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, repeat: false, typing: false },
  ...more,
});
const here = (more: Partial<Press>, singleKeys = true) => shortcutOf(press(more), false, singleKeys);

test('the palette is there also while typing, by the key of the system', () => {
  expect(here({ key: 'k', ctrlKey: true, typing: true })).toBe('palette');
  expect(here({ key: 'K', ctrlKey: true }, false)).toBe('palette');
  expect(here({ key: 'k', metaKey: true })).toBeUndefined();
  expect(shortcutOf(press({ key: 'k', metaKey: true }), true, true)).toBe('palette');
  expect(shortcutOf(press({ key: 'k', ctrlKey: true }), true, true)).toBeUndefined();
  for (const more of [{ altKey: true }, { metaKey: true }, { isComposing: true }, { keyCode: 229 }, { repeat: true }, { key: 'j' }])
    expect(here({ key: 'k', ctrlKey: true, ...more })).toBeUndefined();
});

test('single keys, unless somebody types or has switched them off', () => {
  const keys = ['?', '/', 'n', 'i'];
  expect(keys.map((key) => here({ key }))).toEqual(['help', 'write', 'fresh', 'inbox']);
  for (const key of keys)
    for (const more of [{ typing: true }, { ctrlKey: true }, { metaKey: true }, { altKey: true }, { isComposing: true }, { keyCode: 229 }, { repeat: true }])
      expect(here({ key, ...more })).toBeUndefined();
  expect(keys.map((key) => here({ key }, false))).toEqual([undefined, undefined, undefined, undefined]);
});

test('whatever is pressed: none while an input method composes, and while typing none but the palette', () => {
  const key = fc.oneof(fc.string(), fc.constantFrom('k', '?', '/', 'n', 'i', 'constructor', '__proto__'));
  const any = fc.record({ key, keyCode: fc.nat(), ...{ ctrlKey: fc.boolean(), metaKey: fc.boolean(), altKey: fc.boolean(), isComposing: fc.boolean() } });
  fc.assert(
    fc.property(any, fc.boolean(), fc.boolean(), (pressed, mac, typing) => {
      const found = shortcutOf({ ...pressed, repeat: false, typing }, mac, true);
      if (pressed.isComposing || pressed.keyCode === 229) expect(found).toBeUndefined();
      else if (typing) expect([undefined, 'palette']).toContain(found);
      else expect([undefined, ...shortcuts]).toContain(found);
    }),
  );
});
