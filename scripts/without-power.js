// Packages for mail are put inside without what they could do beside mail: they speak over a connection that the outward door made, and reach nothing else.

const mail = /\/node_modules\/(?:imapflow|nodemailer|libmime|libqp|libbase64|@zone-eu\/mailsplit|iconv-lite|encoding-japanese)\//u;
const nothing = 'export default {};';

/** What stands for a module where they ask for it. Alone they would be given all of it: from src/ the packages run as they are. */
const instead = {
  // TLS over a socket that is there; it opens none.
  tls: `import { connect as secure } from 'node:tls';
    export const connect = (options, done) => {
      if (!options.socket) throw new Error('A connection is made by the outward door alone.');
      return secure(options, done);
    };
    export default { connect };`,
  net: "import { isIP, isIPv6 } from 'node:net';\nexport { isIP, isIPv6 };\nexport default { isIP, isIPv6 };",
  // Their log is switched off.
  pino: 'module.exports = () => ({ child: () => ({}) });',
  './proxy-connection': 'export const proxyConnection = () => undefined;\nexport const detachEarlyErrorHandler = () => undefined;',
  './http-proxy-client.js': nothing,
  fs: nothing,
  dns: nothing,
  http: nothing,
  https: nothing,
};

const nameOf = (id) => id.replace(/^node:/u, '');

export const isReplaced = (id, importer) => importer !== undefined && mail.test(importer) && Object.hasOwn(instead, nameOf(id));

export const withoutPower = {
  name: 'without-power',
  resolveId: (id, importer) => (isReplaced(id, importer) ? `\0instead-of:${nameOf(id)}` : null),
  load: (id) => (id.startsWith('\0instead-of:') ? instead[id.slice('\0instead-of:'.length)] : null),
};
