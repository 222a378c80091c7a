// Who else can read or write the home, and where it lies.
import { basename, dirname } from 'node:path';
import { type Check, type Facts, type FileFact, when } from './facts.ts';

const octal = (mode: number): string => mode.toString(8).padStart(3, '0');
const isOpen = ({ mode }: FileFact): boolean => mode !== undefined && (mode & 0o077) !== 0;

/** A check on the modes of those files a filter picks. */
function open(id: string, severity: Check['severity'], why: string, pick: (file: FileFact, facts: Facts) => boolean): Check {
  return {
    ...{ id, severity, why, fix: 'Close it: chmod 700 a directory, chmod 600 a file.', fixable: 'close' },
    look: (facts) =>
      facts.files
        .filter((file) => file.kind !== 'link' && isOpen(file) && pick(file, facts))
        .map(({ path, mode = 0 }) => ({ what: `Others can get at it (mode ${octal(mode)}).`, where: path })),
  };
}

const inSecret = (path: string, { home }: Facts): boolean => path.startsWith(`${home}.secret/`);
const within = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

const synced =
  /[/\\](?:Dropbox|OneDrive[^/\\]*|iCloud ?Drive|Mobile Documents|Google ?Drive|GoogleDrive|CloudStorage|Nextcloud|ownCloud|Syncthing|Sync|pCloud ?Drive|MEGA|Box ?Sync|Yandex\.Disk|坚果云|百度网盘)(?=[/\\])/iu;

export const fileChecks: readonly Check[] = [
  open('home-open', 'high', 'Whoever reads the home reads every conversation; whoever writes it is the operator.', ({ path }, { home }) => path === home),
  open('secret-directory-open', 'critical', 'It holds the keys to all secrets.', ({ path }, { home }) => path === `${home}.secret`),
  open('secret-file-open', 'critical', 'It holds or opens secrets.', ({ path }, facts) => inSecret(path, facts)),
  open('config-open', 'high', 'Whoever writes the configuration is the operator.', ({ path, kind }, { home }) => {
    return kind === 'file' && dirname(path) === home && /^(?:config|copaw|skills\.lock|acceptance)[^/]*\.jsonc?$/u.test(basename(path));
  }),
  open('database-open', 'high', 'It holds every conversation, approval and standing permission.', ({ path }, { home }) => {
    return dirname(path) === home && /\.db(?:-wal|-shm|-journal)?$/u.test(path);
  }),
  open('log-open', 'medium', 'The log says what CoPaw does and when.', ({ path }, { home }) => within(path, `${home}/logs`)),
  open('backup-open', 'high', 'A backup is the thing itself.', ({ path }, { home }) => within(path, `${home}/backups`)),
  {
    id: 'file-of-another-user',
    severity: 'high',
    why: 'Its owner can change it whatever its mode.',
    fix: 'Give it to the user CoPaw runs as, with chown.',
    look: ({ files, user }) =>
      files.filter(({ owner }) => user !== undefined && owner !== user).map(({ path, owner }) => ({ what: `It belongs to user ${owner}.`, where: path })),
  },
  {
    id: 'control-file-linked',
    severity: 'high',
    why: 'What it leads to lies outside the home, under other rights.',
    fix: 'Put the file itself in its place.',
    look: ({ files, home }) =>
      files
        .filter(({ path, kind }) => kind === 'link' && (dirname(path) === home || path.startsWith(`${home}.secret`)))
        .map(({ path }) => ({ what: 'It is a link.', where: path })),
  },
  {
    id: 'home-synced',
    severity: 'medium',
    why: 'A synchronised folder copies conversations to other machines and can damage the database.',
    fix: 'Move the home out of it and name the new place with --home or COPAW_HOME.',
    look: ({ home }) => when(synced.test(home), 'The home lies in a folder that is synchronised.', home),
  },
  {
    id: 'home-temporary',
    severity: 'medium',
    why: 'The system empties that folder, and other users can write beside the home.',
    fix: 'Move the home to where applications keep their data.',
    look: ({ home, temporary }) =>
      when(
        [temporary, '/tmp', '/var/tmp'].some((folder) => folder !== '' && within(home, folder)),
        'The home lies in a temporary folder.',
        home,
      ),
  },
  {
    id: 'parent-writable',
    severity: 'high',
    why: 'Who can write a folder above the home can put another one in its place.',
    fix: 'Take the right to write from group and others: chmod go-w.',
    look: ({ parents }) =>
      parents
        .filter(({ mode, sticky }) => mode !== undefined && (mode & 0o022) !== 0 && !sticky)
        .map(({ path, mode = 0 }) => ({ what: `Others can write it (mode ${octal(mode)}).`, where: path })),
  },
];
