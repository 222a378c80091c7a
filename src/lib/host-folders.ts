// Folders of the host as text: those a PATH names, and whether one lies below another.
import { basename, delimiter, dirname, isAbsolute, normalize, relative } from 'node:path';

/** One spelling, without a slash at the end. */
export const tidyFolder = (path: string): string => normalize(path).replace(/(?<=.)\/+$/, '');

/** Without the `.bin` folders of package runners, which hold only links that lead elsewhere. */
export function pathFolders(hostPath: string): readonly string[] {
  const folders = hostPath.split(delimiter).filter(isAbsolute).map(tidyFolder);
  return folders.filter((folder) => basename(folder) !== '.bin');
}

/** `/opt/tool/bin` needs `/opt/tool`; a folder directly below the root is never widened. */
export function packageOf(folder: string): string {
  const parent = dirname(folder);
  return ['bin', 'sbin'].includes(basename(folder)) && dirname(parent) !== '/' ? parent : folder;
}

/** Whether `path` is `root` or below it; both absolute. */
export function within(root: string, path: string): boolean {
  const step = relative(root, path);
  return step === '' || !(step === '..' || step.startsWith('../'));
}
