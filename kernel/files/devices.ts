/**
 * /dev: what is no file and yet is opened, read and written like one.
 *
 *     null      takes everything, has nothing
 *     zero      takes everything, has zeros without end
 *     random, urandom    take everything, have random bytes without end
 *     tty, console       the terminal
 *
 * Linux man-pages: null(4), random(4), tty(4). Numbers: "Linux allocated devices", admin-guide/devices.txt.
 */

import { sameText } from "../text";
import { Device, type FolderEntry, type Node, NodeKind, OPEN_DEVICE, Place, READ_ONLY_FOLDER } from "./node";
import { belowFolder } from "./pathText";

class DeviceName {
  name: string;
  device: Device;
  /** Major and minor number, as stat tells them. */
  number: u32;
}

const DEVICES: FixedArray<DeviceName, 6> = [
  { name: "null", device: Device.Null, number: 0x103 },
  { name: "zero", device: Device.Zero, number: 0x105 },
  { name: "random", device: Device.Random, number: 0x108 },
  { name: "urandom", device: Device.Random, number: 0x109 },
  { name: "tty", device: Device.Terminal, number: 0x500 },
  { name: "console", device: Device.Terminal, number: 0x501 },
];

const FOLDER_INODE: u64 = 16n;
const FIRST_INODE: u64 = 17n;

/** The node at "dev" or below. */
export function findDevice(path: string, node: Node): bool {
  const name = belowFolder(path, "dev");
  if (byteLength(name) === 0) {
    node.kind = NodeKind.Folder;
    node.place = Place.Devices;
    node.inode = FOLDER_INODE;
    node.permissions = READ_ONLY_FOLDER;
    node.path = "dev";
    return true;
  }
  for (let i: u32 = 0; i < DEVICES.length; i += 1) {
    if (!sameText(DEVICES[i].name, name)) continue;
    describeDevice(i, node);
    return true;
  }
  return false;
}

/** The terminal, which a program has from its start on. */
export function describeTerminal(node: Node): void {
  zeroStruct(node);
  void findDevice("dev/console", node);
}

/** As `nextInArchive`. */
export function nextDevice(start: u32, found: FolderEntry): u32 | null {
  if (start >= DEVICES.length) return null;
  found.name = DEVICES[start].name;
  found.kind = NodeKind.Device;
  found.inode = FIRST_INODE + u64(start);
  return start + 1;
}

/** Major and minor number of the device of this inode. */
export function deviceNumber(node: Node): u64 {
  return node.kind === NodeKind.Device ? u64(DEVICES[u32(node.inode - FIRST_INODE)].number) : 0n;
}

function describeDevice(index: u32, node: Node): void {
  node.kind = NodeKind.Device;
  node.device = DEVICES[index].device;
  node.inode = FIRST_INODE + u64(index);
  node.permissions = OPEN_DEVICE;
}
