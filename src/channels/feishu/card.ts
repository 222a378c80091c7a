// A part of an answer as a card in JSON 2.0: its words in the platform's Markdown, its choices as buttons that call back.
import type { Sendable } from '../../core/channel.ts';

/** `direct` comes back with a button: after a restart nothing else says what kind of chat it stands in. */
export function card({ text, choices = [] }: Pick<Sendable, 'text' | 'choices'>, direct: boolean): object {
  const button = ({ label, value }: { readonly label: string; readonly value: string }) => ({
    ...{ tag: 'button', text: { tag: 'plain_text', content: label }, type: 'default' },
    behaviors: [{ type: 'callback', value: { copaw: value, direct } }],
  });
  return {
    schema: '2.0',
    // It may be changed for everybody who sees it, and its buttons do not leave the chat.
    config: { width_mode: 'fill', enable_forward: false, update_multi: true },
    body: { elements: [...(text === '' ? [] : [{ tag: 'markdown', content: text }]), ...choices.map(button)] },
  };
}
