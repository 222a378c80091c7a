// Slack's text as people read it: https://docs.slack.dev/messaging/formatting-message-text. What a person typed is escaped; only Slack itself writes <…>.

/** Our own mention in front of the words addresses us and says nothing else. */
export function plainText(text: string, self: string): string {
  const said = text.replace(new RegExp(`^\\s*<@${self}(?:\\|[^<>]*)?>[\\s:,]*`, 'u'), '');
  return said
    .replace(/<([^<>|]*)(?:\|([^<>]*))?>/gu, (_, target: string, label?: string) => named(target, label))
    .replace(/&(lt|gt|amp);/gu, (_, name: 'lt' | 'gt' | 'amp') => entities[name]);
}

const entities = { lt: '<', gt: '>', amp: '&' } as const;

function named(target: string, label: string | undefined): string {
  if (target.startsWith('@') || target.startsWith('#')) return `${target[0]}${label || target.slice(1)}`;
  if (target.startsWith('!')) return label || `@${target.slice(1).replace(/^subteam\^/u, '')}`;
  const address = target.replace(/^(?:mailto|tel):/u, '');
  return label === undefined || label === '' || label === address || target.endsWith(`//${label}`) ? address : `${label} (${address})`;
}
