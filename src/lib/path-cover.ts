// Relative paths as text: whether one lies below another. Opening them is the path door's business.

const tidy = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');

/** Whether `listed` is `asked` or a folder above it. Upward steps match nothing. */
export function covers(listed: string, asked: string): boolean {
  if (asked.split('/').includes('..')) return false;
  const root = tidy(listed);
  const path = tidy(asked);
  return root === '' || path === root || path.startsWith(`${root}/`);
}
