// Places of the host a sandboxed command sees, and those it never does, whatever a list says.

export const systemFolders = ['/usr', '/nix/store'];
export const systemLinks = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
export const etcFiles = [
  ...['/etc/alternatives', '/etc/ssl/certs', '/etc/ssl/openssl.cnf', '/etc/pki/tls/certs', '/etc/pki/ca-trust', '/etc/crypto-policies'],
  ...['/etc/ld.so.cache', '/etc/ld.so.conf', '/etc/ld.so.conf.d', '/etc/localtime'],
];
/** They hold secrets, live kernel state, or what the sandbox makes itself. */
export const neverBound = ['/etc', '/proc', '/sys', '/dev', '/boot', '/workspace', '/run/copaw', '/System', '/private/etc'];
/** Never as a whole. */
export const wholeNever = ['/tmp', '/var', '/run', '/private/tmp', '/private/var', '/Library'];
export const homes = ['/home', '/root', '/Users'];
