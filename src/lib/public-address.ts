// Which IP addresses tools may reach (R18): public unicast, and nothing that leads back into this machine or its network.
import { BlockList, isIP } from 'node:net';

/** Whether `address`, an IP literal without brackets, is public unicast. Mapped, NAT64 and 6to4 forms are not. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0 || address.includes('%')) return false;
  const blocked = new BlockList();
  if (family === 4) {
    for (const range of closedV4) blocked.addSubnet(range[0], range[1], 'ipv4');
    return !blocked.check(address, 'ipv4');
  }
  for (const range of closedV6) blocked.addSubnet(range[0], range[1], 'ipv6');
  const unicast = new BlockList();
  unicast.addSubnet('2000::', 3, 'ipv6');
  return unicast.check(address, 'ipv6') && !blocked.check(address, 'ipv6');
}

const closedV4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;
const closedV6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;
