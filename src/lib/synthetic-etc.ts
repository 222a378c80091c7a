// The few files of /etc that a sandboxed command finds in place of the host's: one user, itself, and no more names than it needs.
export const syntheticEtc: Readonly<Record<string, string>> = {
  '/etc/passwd': 'user:x:1000:1000::/tmp:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n',
  '/etc/group': 'user:x:1000:\nnogroup:x:65534:\n',
  '/etc/hosts': '127.0.0.1 localhost\n::1 localhost\n127.0.1.1 sandbox\n',
  '/etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
};
