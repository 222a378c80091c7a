// What runs beside a command that has listed hosts only: a port on its own loopback that leads to the socket of the proxy outside.

/** The address of the proxy as the command knows it. */
export const forwarderPort = 3128;

/** For Node, inside the sandbox: socket, port, then the command, whose end is its own end. */
export const forwarderScript = `const net = require('node:net'), os = require('node:os'), { spawn } = require('node:child_process');
const [socket, port, program, ...rest] = process.argv.slice(2);
net.createServer((inner) => {
  const outer = net.connect(socket);
  inner.on('error', () => outer.destroy()).on('close', () => outer.destroy());
  outer.on('error', () => inner.destroy()).on('close', () => inner.destroy());
  inner.pipe(outer).pipe(inner);
}).listen(Number(port), '127.0.0.1', () => {
  const child = spawn(program, rest, { stdio: 'inherit' });
  child.on('error', (error) => { process.stderr.write(error.message + '\\n'); process.exit(127); });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (os.constants.signals[signal] ?? 0)));
});
`;

/** What programs of all kinds look at to find a proxy. */
export const proxyEnvironment: Readonly<Record<string, string>> = Object.fromEntries([
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) =>
    [name, name.toLowerCase()].map((spelling) => [spelling, `http://127.0.0.1:${forwarderPort}`]),
  ),
  ...['NO_PROXY', 'no_proxy'].map((name) => [name, '']),
  ['NODE_USE_ENV_PROXY', '1'],
]);
