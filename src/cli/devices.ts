// `copaw devices …`: browsers and scripts that hold a token. Revoking ends what they have open.
import type { DeviceSummary } from '../core/security.ts';
import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { print, timeText } from './print.ts';
import { securityOf } from './security-of.ts';
import { showEscaped } from './text.ts';

export async function list(context: Context, options: CommonOptions): Promise<number> {
  const devices = await (await securityOf(context, options)).devices();
  return print(context, options, { devices }, () => {
    if (devices.length === 0) context.terminal.out('No device holds a token. Log a browser in with `copaw open`.\n');
    for (const device of devices) context.terminal.out(`${line(device)}\n`);
  });
}

export async function add(context: Context, name: string, options: CommonOptions): Promise<number> {
  const { token, device } = await (await securityOf(context, options)).addDevice(name);
  return print(context, options, { token, device }, () => {
    context.terminal.out(`${token}\n`);
    context.terminal.error(
      `This is the only time the token of "${showEscaped(device.name)}" (${device.id}) is shown. Send it as: Authorization: Bearer <token>\n`,
    );
  });
}

export async function revoke(context: Context, id: string, options: CommonOptions): Promise<number> {
  await (await securityOf(context, options)).revokeDevice(id);
  return print(context, options, { revoked: id }, () => context.terminal.out(`${showEscaped(id)} is revoked; what it had open has ended.\n`));
}

export async function pushOff(context: Context, id: string, options: CommonOptions): Promise<number> {
  await (await securityOf(context, options)).stopPush(id);
  return print(context, options, { pushOff: id }, () => context.terminal.out(`The browser of ${showEscaped(id)} is told nothing any more.\n`));
}

/** `copaw token`: the short way to `devices add`. */
export async function token(context: Context, options: CommonOptions & { readonly name: string }): Promise<number> {
  if (options.json !== true) return add(context, options.name, options);
  const made = await (await securityOf(context, options)).addDevice(options.name);
  context.terminal.out(`${JSON.stringify({ name: options.name, token: made.token })}\n`);
  return exitCodes.answered;
}

function line({ id, name, createdAt, seenAt, push }: DeviceSummary): string {
  const told = push ? `  told ${push.kinds.join(', ')}${push.text ? ' with their text' : ''}` : '';
  return showEscaped(`${id}  ${name}  made ${timeText(createdAt)}  last seen ${timeText(seenAt)}${told}`).replaceAll('\n', ' ');
}
