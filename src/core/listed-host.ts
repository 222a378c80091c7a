// Entries of a network list: a name or "*.name", with a port where it is neither 80 nor 443. Never an address: those have no owner one could trust.
import { z } from 'zod';

const entry = /^(?<wild>\*\.)?(?<name>(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)(?::(?<port>\d{1,5}))?$/u;

/** One entry, as config.json may hold it. */
export const listedHost = z
  .string()
  .max(260)
  .refine(
    (text) => parsed(text) !== undefined,
    'This is no host name: write "example.org", "*.example.org" or "example.org:8443", in lower case, and no address.',
  );

/** Whether the list lets a command reach `name` at `port`. An entry without a port means 80 and 443. */
export function isListed(list: readonly string[], name: string, port: number): boolean {
  return list.some((text) => {
    const one = parsed(text);
    if (one === undefined || !(one.port === undefined ? port === 80 || port === 443 : port === one.port)) return false;
    return one.wild ? name.endsWith(`.${one.name}`) : name === one.name;
  });
}

function parsed(text: string): { readonly name: string; readonly wild: boolean; readonly port?: number } | undefined {
  const found = entry.exec(text)?.groups;
  if (found?.name === undefined) return undefined;
  const port = found.port === undefined ? undefined : Number(found.port);
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  const wild = found.wild !== undefined;
  if (wild && !found.name.includes('.')) return undefined;
  return { name: found.name, wild, ...(port === undefined ? {} : { port }) };
}
