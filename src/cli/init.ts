// `copaw init`: the notice first, then the home, then a model. Nothing is written before a yes (R1).
import { CoPawError } from '../core/error.ts';
import { homeToolchains } from '../lib/home-toolchains.ts';
import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { offerModels } from './offer-models.ts';
import type { AcceptedHow, CliParts, NewHome } from './parts.ts';
import type { Terminal } from './terminal.ts';

export interface InitOptions extends CommonOptions {
  readonly defaults?: boolean;
  readonly acceptSecurity?: boolean;
}

export async function init(context: Context, options: InitOptions): Promise<number> {
  const { parts, terminal } = context;
  const home = parts.homePath(options.home);
  const made = await ensureHome(context, home, options);
  if (options.json === true) {
    terminal.out(`${JSON.stringify({ home, made, notice: parts.notice.sha256 })}\n`);
    return exitCodes.answered;
  }
  terminal.out(made === 'home' ? `Your CoPaw lives in ${home}\n` : made === 'acceptance' ? `Accepted for ${home}\n` : `Nothing to do: ${home} is set up.\n`);
  if (made === 'home') proposeToolchains(context);
  if (made === 'home' && terminal.interactive && options.defaults !== true) await offerModels(context, home);
  const next = options.home === undefined ? '' : ` --home ${options.home}`;
  terminal.error(`next: copaw start${next}   (or: copaw ask${next} "hello")\n`);
  return exitCodes.answered;
}

/** Says what commands will not see; nothing is changed. */
function proposeToolchains({ parts: { environment }, terminal }: Context): void {
  const unseen = homeToolchains(environment.PATH ?? '', environment.HOME ?? '', []);
  if (unseen.length === 0) return;
  terminal.error(`Commands run in a sandbox and do not see these toolchains of your home: ${unseen.join(', ')}\n`);
  terminal.error(`to let commands read them: copaw config set sandbox.readOnly '${JSON.stringify(unseen)}'\n`);
}

/** What was done so that the home exists and its notice is accepted. Throws `notice-not-accepted` for anything but a yes. */
export async function ensureHome({ parts, terminal }: Context, home: string, options: InitOptions): Promise<'home' | 'acceptance' | 'nothing'> {
  const state = parts.homeState(home);
  if (state === 'ours' && parts.accepted(home)) return 'nothing';
  const how = await acceptNotice(parts, terminal, options);
  if (state === 'ours') {
    parts.accept(home, how);
    return 'acceptance';
  }
  const asks = terminal.interactive && options.defaults !== true && options.acceptSecurity !== true && options.json !== true;
  await parts.init(home, { ...(asks ? await askSettings(parts, terminal) : settingsOf(parts)), how });
  return 'home';
}

async function acceptNotice(parts: CliParts, terminal: Terminal, options: InitOptions): Promise<AcceptedHow> {
  const print = options.json === true ? terminal.error : terminal.out;
  print(`${parts.notice.text}\n`);
  if (options.acceptSecurity === true) {
    print('Accepted by --accept-security.\n');
    return 'flag';
  }
  const answer = terminal.interactive ? await terminal.ask('Do you accept this? Type yes or no [no]: ') : undefined;
  if (answer !== undefined && ['y', 'yes', '是', '好'].includes(answer.trim().toLowerCase())) return 'terminal';
  throw new CoPawError('notice-not-accepted', 'The security notice was not accepted; nothing was written.', {
    next: terminal.interactive
      ? 'Run the command again when you want to accept it.'
      : 'Run it on a terminal, or accept the notice above with --accept-security.',
    rule: 'R1',
  });
}

/** Language and zone of this machine. */
function settingsOf({ environment }: CliParts): Omit<NewHome, 'how'> {
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  return { language: locale.toLowerCase().startsWith('zh') ? 'zh' : 'en', timezone: new Intl.DateTimeFormat().resolvedOptions().timeZone };
}

async function askSettings(parts: CliParts, terminal: Terminal): Promise<Omit<NewHome, 'how'>> {
  const guess = settingsOf(parts);
  const language = await terminal.select(
    'Language of the assistant’s first files',
    [
      { value: 'en', label: 'English' },
      { value: 'zh', label: '中文' },
    ],
    guess.language,
  );
  const timezone = language === undefined ? undefined : await terminal.text('Your time zone', guess.timezone);
  if (language === undefined || timezone === undefined) throw new CoPawError('cancelled', 'Stopped; nothing was written.');
  return { language, timezone: timezone.trim() || guess.timezone };
}
