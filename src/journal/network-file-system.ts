import { statfsSync } from 'node:fs';

/** Types of `statfs` whose writes go over a network or through another process. */
const NETWORK_FILE_SYSTEMS = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB 2
  0x0bd00bd0, // Lustre
  0x47504653, // GPFS
  0x00c36400, // Ceph
  0x19830326, // BeeGFS
  0x5346414f, // AFS
  0x01021997, // 9p
  0x65735546, // FUSE
]);

/** Whether a write to this directory may take as long as a network takes. */
export function isOnNetwork(directory: string): boolean {
  return NETWORK_FILE_SYSTEMS.has(statfsSync(directory).type);
}
