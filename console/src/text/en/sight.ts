// Words of the line that says what a conversation sees.
import type { MemorySightBody } from '../../../../src/http/contract.ts';

type Why = Extract<MemorySightBody['why'], string>;

export const sight = {
  canSee: 'This conversation can see:',
  memory: { allow: 'your memory', ask: 'your memory after your yes', deny: 'no private memory' },
  fileSight: { allow: 'files', ask: 'files after your yes', deny: 'no files', own: 'files of the group alone' },
  why: { operator: 'you alone speak here', direct: 'a sender you allowed', group: 'a group', unattended: 'nobody attends' } satisfies Record<Why, string>,
  rule: (at: string) => `by ${at} in config.json`,
};
