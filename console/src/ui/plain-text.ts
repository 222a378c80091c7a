// The words of tokens without their marks.
import type { Token } from 'marked';
import { decodeEntities } from './safe-link.ts';

export function plainText(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === 'br') return '\n';
      if ('tokens' in token && token.tokens) return plainText(token.tokens);
      if (token.type === 'text') return decodeEntities(token.text);
      return 'text' in token ? String(token.text) : token.raw;
    })
    .join('');
}
