// What a standing yes can cover, as canonical text (R15): an exact argv, a host, or one call of one turn. Never a program that runs other programs.
import type { Grant, GrantScope, Plan } from '../core/policy.ts';
import type { Effect } from '../core/tool.ts';
import { canonical, sha256 } from './plan.ts';

const shells = 'sh bash dash ash zsh fish ksh mksh csh tcsh rbash nu elvish xonsh busybox toybox pwsh powershell cmd';
const interpreters =
  'python pypy ipython node nodejs deno bun tsx ts-node perl ruby irb php lua luajit tclsh wish expect awk gawk mawk nawk sed m4 r rscript julia octave guile scheme racket sbcl clisp emacs vim vi nvim ex ed java jshell groovy scala kotlin erl elixir iex runghc swift dotnet osascript gdb lldb sqlite';
const wrappers =
  'env xargs sudo doas su pkexec runuser nohup timeout nice ionice chrt taskset setsid stdbuf chroot unshare nsenter flock time watch parallel script ssh strace ltrace exec eval source command builtin systemd-run at batch crontab bwrap firejail proot fakeroot start-stop-daemon entr tmux screen';
const runners =
  'npm npx pnpm pnpx yarn yarnpkg bunx corepack uv uvx pip pipx poetry pdm hatch conda mamba cargo go gem bundle bundler rake composer make gmake cmake ninja just task gradle gradlew mvn ant docker podman kubectl nix nix-shell nix-env brew apt apt-get dnf yum apk pacman';
const neverTemplated: ReadonlySet<string> = new Set([shells, interpreters, wrappers, runners].join(' ').split(' '));
const findActions = /^-(?:exec|execdir|ok|okdir|delete|fprint.*|fls)$/;
const fdActions = /^(?:-[a-zA-Z]*[xX].*|--exec.*)$/;

function templatable(argv: readonly string[]): boolean {
  const [program = '', ...rest] = argv;
  // A path may name a file the agent itself writes; a bare name is looked up outside the workspace.
  if (program === '' || /[/\\]/.test(program)) return false;
  const name = program.toLowerCase().replace(/\.(?:exe|cmd|bat|com)$/, '');
  if (neverTemplated.has(name) || neverTemplated.has(name.replace(/[-.]?\d[\d.]*$/, ''))) return false;
  if (name === 'find' && rest.some((argument) => findActions.test(argument))) return false;
  return !(/^fd(?:find)?$/.test(name) && rest.some((argument) => fdActions.test(argument)));
}

/** The template that may hold "always" for this effect, or undefined where there is none. `sandbox`: whether there is one at all. */
export function lastingTemplate(effect: Effect, sandbox: boolean): string | undefined {
  if (effect.kind === 'net' && effect.method !== 'POST') return hostTemplate(new URL(effect.url).hostname);
  if (effect.kind !== 'run' || effect.argv === undefined || effect.command !== undefined || !templatable(effect.argv)) return undefined;
  return `argv ${JSON.stringify(effect.argv)} cwd ${JSON.stringify(effect.cwd)} network ${effect.network}${effect.sandboxed && sandbox ? '' : ' unsandboxed'}`;
}

export function hostTemplate(hostname: string): string {
  return `host ${hostname}`;
}

/** This very call, for the rest of its turn. */
export function taskTemplate(tool: string, args: unknown): string {
  return `task ${sha256(canonical([tool, args]))}`;
}

/** The templates a yes of this scope makes; none: the scope is not to be had. `asking`: the effects the table asks about. */
export function templatesFor(scope: GrantScope, plan: Pick<Plan, 'tool' | 'args' | 'place'>, asking: readonly Effect[]): readonly string[] {
  if (scope === 'once') return [];
  const lasting = asking.map((effect) => lastingTemplate(effect, plan.place.sandbox)).filter((template) => template !== undefined);
  if (asking.length > 0 && lasting.length === asking.length) return [...new Set(lasting)];
  return scope === 'task' ? [taskTemplate(plan.tool, plan.args)] : [];
}

/** Whether a grant counts in this turn. */
export function holds(grant: Grant, turnId: string): boolean {
  return grant.scope === 'always' || grant.turnId === turnId;
}
