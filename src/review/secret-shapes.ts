// What keys and passwords look like, as data. Every gap is bounded, so that no text can make a pattern slow.

export interface SecretShape {
  readonly what: string;
  readonly pattern: RegExp;
}

export const secretShapes: readonly SecretShape[] = [
  { what: 'a private key', pattern: /-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----/u },
  { what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/u },
  { what: 'a model provider’s key', pattern: /\bsk-(?:ant-|proj-|or-)?[A-Za-z0-9_-]{20,200}/u },
  { what: 'a GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,200})/u },
  { what: 'a GitLab token', pattern: /\bglpat-[A-Za-z0-9_-]{20,100}/u },
  { what: 'a Slack token', pattern: /\bxox[abeprs]-[A-Za-z0-9-]{10,200}/u },
  { what: 'a Google API key', pattern: /\bAIza[0-9A-Za-z_-]{35}\b/u },
  { what: 'a Telegram bot token', pattern: /\b\d{8,10}:[A-Za-z0-9_-]{35}\b/u },
  { what: 'a Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{20,200}/u },
  { what: 'an npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/u },
  { what: 'a signed web token', pattern: /\beyJ[A-Za-z0-9_-]{10,500}\.eyJ[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{20,700}/u },
  { what: 'a CoPaw token', pattern: /\bcopaw_[A-Za-z0-9_-]{43}\b/u },
  {
    what: 'a password or key',
    pattern: /(?:api[_-]?key|secret|passw(?:or)?d|access[_-]?token|auth[_-]?token)["']?\s{0,5}[:=]\s{0,5}["'][^"'\s<>{}$]{16,200}["']/iu,
  },
];
