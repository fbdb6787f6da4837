/**
 * How Tessera's machines look to QEMU: one description in, one argument list out. `make run` and the test harness share it.
 *
 *   Machine { kernel | image, machine, cpu, memory, firmware, ... } --qemuArguments--> ["-accel", "tcg", "-M", ...]
 *
 * Every machine has the debug exit device on port 0xf4 (a write of v ends QEMU with (v << 1) | 1) and never reboots,
 * so a triple fault ends QEMU with 0. 0 therefore never means success; 33 does.
 */
import { copyFileSync, existsSync } from "node:fs";

/** What the kernel writes to the debug exit port, as QEMU's exit code. */
export const EXIT_PASS = 33;
/** The kernel ended in a panic or a fatal trap. */
export const EXIT_PANIC = 35;

export type MachineType = "pc" | "q35" | "microvm";

/** How an image is attached. */
export type Medium = "cd" | "disk" | "usb";

export interface Machine {
  /** An ELF for QEMU's direct boot (PVH). Exactly one of kernel and image is given. */
  kernel?: string;
  /** An image file and the device it shows up as. */
  image?: { path: string; medium: Medium };
  /** The kernel command line, for direct boot only: an image carries its own. */
  commandLine?: string;
  /** A file that direct boot brings along. */
  module?: string;
  machine?: MachineType;
  cpu?: string;
  /** As QEMU writes it: 16M, 8G. */
  memory?: string;
  /** UEFI needs `firmwareVariables`, a file that this run may write. */
  firmware?: "seabios" | "ovmf";
  firmwareVariables?: string;
  /** Use the host's CPU instead of TCG. */
  kvm?: boolean;
  /** Deterministic time: one TSC tick is one instruction. */
  icount?: boolean;
  /** A VGA card, so that a framebuffer exists. Implied by no other option. */
  vga?: boolean;
  extra?: string[];
}

/** Where distributions keep QEMU's UEFI firmware: code, and the matching template of its variable store. */
const OVMF_PLACES: readonly (readonly [code: string, variables: string])[] = [
  ["/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"],
  ["/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"],
  ["/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"],
  ["/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"],
  ["/opt/homebrew/share/qemu/edk2-x86_64-code.fd", "/opt/homebrew/share/qemu/edk2-i386-vars.fd"],
  ["/usr/local/share/qemu/edk2-x86_64-code.fd", "/usr/local/share/qemu/edk2-i386-vars.fd"],
];

function ovmfFiles(): { code: string; variables: string } {
  for (const [code, variables] of OVMF_PLACES) {
    if (existsSync(code) && existsSync(variables)) return { code, variables };
  }
  throw new Error("no OVMF firmware found: run scripts/setup");
}

/** Writes a fresh UEFI variable store to `path`. */
export function copyFirmwareVariables(path: string): void {
  copyFileSync(ovmfFiles().variables, path);
}

/** The whole argument list but for the console: where serial output goes is the caller's choice. */
export function qemuArguments(machine: Machine): string[] {
  const type = machine.machine ?? "q35";
  return [
    ...(machine.kvm ? ["-accel", "kvm"] : ["-accel", "tcg"]),
    ...["-M", type, "-cpu", machine.cpu ?? (machine.kvm ? "host" : "max"), "-m", machine.memory ?? "256M"],
    ...["-nodefaults", "-no-reboot", "-vga", machine.vga ? "std" : "none"],
    ...["-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"],
    ...(machine.icount ? ["-icount", "shift=0,sleep=off", "-rtc", "base=2020-01-01,clock=vm", "-seed", "1"] : []),
    ...firmwareArguments(machine),
    ...payloadArguments(machine),
    ...(machine.extra ?? []),
  ];
}

function firmwareArguments(machine: Machine): string[] {
  if (machine.firmware !== "ovmf") return [];
  if (machine.firmwareVariables === undefined) throw new Error("UEFI needs a file for its variables");
  return [
    ...["-drive", `if=pflash,format=raw,readonly=on,file=${ovmfFiles().code}`],
    ...["-drive", `if=pflash,format=raw,file=${machine.firmwareVariables}`],
  ];
}

function payloadArguments(machine: Machine): string[] {
  if (machine.kernel !== undefined) {
    return [
      ...["-kernel", machine.kernel],
      ...(machine.commandLine ? ["-append", machine.commandLine] : []),
      ...(machine.module !== undefined ? ["-initrd", machine.module] : []),
    ];
  }
  if (machine.image === undefined) throw new Error("a machine needs a kernel or an image");
  return imageArguments(machine.image.path, machine.image.medium);
}

/** q35 has AHCI, pc has IDE: the devices ide-cd and ide-hd find a bus on both. */
function imageArguments(path: string, medium: Medium): string[] {
  switch (medium) {
    case "cd":
      return [
        "-drive",
        `if=none,id=boot,format=raw,media=cdrom,readonly=on,file=${path}`,
        "-device",
        "ide-cd,drive=boot,bootindex=1",
      ];
    case "disk":
      return [
        "-drive",
        `if=none,id=boot,format=raw,snapshot=on,file=${path}`,
        "-device",
        "ide-hd,drive=boot,bootindex=1",
      ];
    case "usb":
      return [
        ...["-device", "qemu-xhci", "-drive", `if=none,id=boot,format=raw,snapshot=on,file=${path}`],
        ...["-device", "usb-storage,drive=boot,bootindex=1"],
      ];
  }
}
