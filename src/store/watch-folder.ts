// Tells that something happened to a name in a folder. It learns names and no contents; what is read goes through the path door.
import { lstatSync, watch } from 'node:fs';
import { join } from 'node:path';

export interface FolderWatch {
  close(): void;
}

/**
 * Watches the direct children of `folder` below `root`, keeping no process alive. `changed` gets a name, or nothing where anything may have happened
 * and this watch is over. Undefined where the folder is missing, a link, or cannot be watched.
 */
export function watchFolder(root: string, folder: string, changed: (name: string | undefined) => void): FolderWatch | undefined {
  const path = join(root, folder);
  try {
    if (!lstatSync(path).isDirectory()) return undefined;
    const watcher = watch(path, { persistent: false }, (_event, name) => changed(name ?? undefined));
    watcher.on('error', () => {
      watcher.close();
      changed(undefined);
    });
    return watcher;
  } catch {
    return undefined; // gone meanwhile, or the system has no watches left: whoever asked compares instead
  }
}
