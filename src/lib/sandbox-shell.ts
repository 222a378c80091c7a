// Shell texts that run between CoPaw and a command: each ends by becoming the rest of its arguments.

/** Enters the control groups (125 when it cannot), drops inherited descriptors, joins both outputs in order. */
export const enter = `ulimit -c 0
while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs" || exit 125; shift; done; shift
[ -z "$BASH" ] || for f in /proc/$$/fd/*; do n=\${f##*/}; [ "$n" -gt 9 ] && eval "exec $n>&-"; done 2>/dev/null
exec "$@" 2>&1`;

/** As root the mapped user owns the host's device nodes: a private read-only /dev keeps their modes and stays usable. */
export const guardDevices = `[ -x /usr/bin/unshare ] && /usr/bin/unshare -m /bin/true 2>/dev/null || exec "$@"
exec /usr/bin/unshare -m /bin/sh -c '{ /bin/mount --bind /dev /dev && /bin/mount -o remount,bind,ro /dev; } 2>/dev/null; exec "$@"' sh "$@"`;

/** Caps for an ordinary user: data segment in KiB per process, and processes. Shells name the second one differently. */
export const cap = 'ulimit -d "$1" || exit 125; ulimit -u "$2" 2>/dev/null || ulimit -p "$2" || exit 125; shift 2; exec "$@"';
