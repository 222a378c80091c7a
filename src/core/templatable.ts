// Which programs a standing yes may name: none that runs whatever its arguments say.

const shells = 'sh bash dash ash zsh fish ksh mksh csh tcsh rbash nu elvish xonsh busybox toybox pwsh powershell cmd';
const interpreters =
  'python pypy ipython node nodejs deno bun tsx ts-node perl ruby irb php lua luajit tclsh wish expect awk gawk mawk nawk sed m4 r rscript julia octave guile scheme racket sbcl clisp emacs vim vi nvim ex ed java jshell groovy scala kotlin erl elixir iex runghc swift dotnet osascript gdb lldb sqlite';
const wrappers =
  'env xargs sudo doas su pkexec runuser nohup timeout nice ionice chrt taskset setsid stdbuf chroot unshare nsenter flock time watch parallel script ssh strace ltrace exec eval source command builtin systemd-run at batch crontab bwrap firejail proot fakeroot start-stop-daemon entr tmux screen';
const runners =
  'npm npx pnpm pnpx yarn yarnpkg bunx corepack uv uvx pip pipx poetry pdm hatch conda mamba cargo go gem bundle bundler rake composer make gmake cmake ninja just task gradle gradlew mvn ant docker podman kubectl nix nix-shell nix-env brew apt apt-get dnf yum apk pacman';
/** They run what files of the folder say: hooks and configuration, tests, build rules. */
const followers =
  'git hg svn fossil pre-commit pytest tox nox jest vitest mocha ava karma playwright cypress phpunit rspec cucumber ctest eslint stylelint prettier biome babel webpack rollup vite gulp grunt meson scons bazel buck pants waf cmake autoreconf sphinx-build mkdocs jekyll hugo terraform tofu ansible ansible-playbook vagrant packer latexmk pdflatex xelatex lualatex direnv';
const neverTemplated: ReadonlySet<string> = new Set([shells, interpreters, wrappers, runners, followers].join(' ').split(' '));
const findActions = /^-(?:exec|execdir|ok|okdir|delete|fprint.*|fls)$/;
const fdActions = /^(?:-[a-zA-Z]*[xX].*|--exec.*)$/;

/** Whether `always` may be granted for exactly this argv. */
export function templatable(argv: readonly string[]): boolean {
  const [program = '', ...rest] = argv;
  // A path may name a file the agent itself writes; a bare name is looked up outside the workspace.
  if (program === '' || /[/\\]/.test(program)) return false;
  const name = program.toLowerCase().replace(/\.(?:exe|cmd|bat|com)$/, '');
  if (neverTemplated.has(name) || neverTemplated.has(name.replace(/[-.]?\d[\d.]*$/, ''))) return false;
  if (name === 'find' && rest.some((argument) => findActions.test(argument))) return false;
  return !(/^fd(?:find)?$/.test(name) && rest.some((argument) => fdActions.test(argument)));
}
