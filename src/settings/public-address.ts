import { BlockList, isIP } from 'node:net';

/**
 * Why a host is not on the internet, as the end of "the address is …". Undefined for one that may be: what its name leads to is
 * looked at when it is asked, see `system/guarded.ts`.
 */
export function refusedAddress(hostname: string): string | undefined {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (isIP(host) !== 0) return isPublicAddress(host) ? undefined : 'an address of the machine or of a private network';
  if (/(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)\.?$/.test(host) || !host.includes('.'))
    return 'a name of the machine or of a private network';
  return undefined;
}

/** False for addresses of the machine itself, of private networks, of cloud metadata, and for those that nobody has. */
export function isPublicAddress(address: string): boolean {
  return isIP(address) === 6 ? !RESERVED_6.check(address, 'ipv6') : !RESERVED_4.check(address, 'ipv4');
}

/** https://www.iana.org/assignments/iana-ipv4-special-registry and https://www.iana.org/assignments/iana-ipv6-special-registry */
const RESERVED_4 = new BlockList();
/** A list of its own: one rule for addresses of version 4 in those of version 6 would hold for all of version 4. */
const RESERVED_6 = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  RESERVED_4.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 32],
  ['100::', 8],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  RESERVED_6.addSubnet(network, prefix, 'ipv6');
// Azure's own services on every virtual machine answer there, whatever the network. https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
RESERVED_4.addAddress('168.63.129.16', 'ipv4');
