import { expect, test } from 'vitest';
import { findCgroupLayout } from './cgroup-layout.ts';

const nothing = (): string => '';
const v1 = `30 25 0:26 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory
31 25 0:27 /docker/ab /sys/fs/cgroup/pids rw,nosuid - cgroup cgroup rw,pids
`;
const v2 = '30 25 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n';

test('v1: the pids and memory folders of this process, also below a container', () => {
  expect(findCgroupLayout('4:memory:/user\n3:pids:/docker/ab/c\n', v1, nothing)).toEqual({
    version: 1,
    parents: ['/sys/fs/cgroup/pids/c', '/sys/fs/cgroup/memory/user'],
  });
});

test('v1: a path outside of what is mounted means the mount itself', () => {
  expect(findCgroupLayout('4:memory:/\n3:pids:/elsewhere\n', v1, nothing)?.parents[0]).toBe('/sys/fs/cgroup/pids');
});

test('v2: the nearest ancestor that hands memory and pids down', () => {
  const handing = (path: string): string => (path === '/sys/fs/cgroup/user.slice/cgroup.subtree_control' ? 'cpu memory pids\n' : 'cpu\n');
  expect(findCgroupLayout('0::/user.slice/app.scope/x\n', v2, handing)).toEqual({ version: 2, parents: ['/sys/fs/cgroup/user.slice'] });
});

test.each([
  ['nothing mounted', '0::/\n', ''],
  ['v2 that hands nothing down', '0::/a\n', v2],
  ['v1 without pids', '4:memory:/\n', v1],
  ['tables that cannot be read', '', ''],
])('%s: no groups', (_, own, mounts) => expect(findCgroupLayout(own, mounts, nothing)).toBeUndefined());
