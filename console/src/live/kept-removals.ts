// Conversations that this tab is deleting, kept over a reload: the list that is loaded then may still have them, and what was asked for is done in the end.
const key = 'copaw.removals';

export const keptRemovals = {
  all: (): readonly string[] => read(),
  add: (sessionId: string): void => write([...new Set([...read(), sessionId])]),
  drop: (sessionId: string): void => write(read().filter((one) => one !== sessionId)),
};

function read(): readonly string[] {
  try {
    return (sessionStorage.getItem(key) ?? '').split(' ').filter((id) => id !== '');
  } catch {
    return []; // refused: a reload in the wrong moment shows it until the next look
  }
}

function write(ids: readonly string[]): void {
  try {
    sessionStorage.setItem(key, ids.join(' '));
  } catch {
    // see above
  }
}
