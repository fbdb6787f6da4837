/**
 * `make run`: boots Tessera in QEMU with its serial console in this terminal, and says how it ended.
 *
 *   run-qemu.ts --kernel ELF      direct boot (PVH), no display; with --root CPIO, the root of programs comes along,
 *                                 and /bin/tsh is the first program unless CMDLINE has something else in mind
 *   run-qemu.ts --iso IMAGE       boot from CD with a window for the framebuffer
 *   run-qemu.ts --print ...       only print the QEMU command line
 *
 * Settings come from the environment, as make exports them: MACHINE MEMORY CPU KVM CMDLINE, and QEMU_EXTRA (further
 * arguments, separated by spaces). On a terminal the kernel is asked for colours.
 */
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { startsPrograms, withFirstProgram } from "./firstProgram";
import { EXIT_PANIC, EXIT_PASS, qemuArguments, type Machine, type MachineType } from "./qemu";

const MACHINE_TYPES: readonly string[] = ["pc", "q35", "microvm"] satisfies MachineType[];

function machineFromEnvironment(): Machine {
  const { MACHINE = "q35", MEMORY = "256M", CPU, KVM, CMDLINE = "", QEMU_EXTRA = "" } = process.env;
  if (!MACHINE_TYPES.includes(MACHINE)) refuse(`MACHINE=${MACHINE}: use one of ${MACHINE_TYPES.join(", ")}`);
  if (!/^\d+[MG]?$/.test(MEMORY)) refuse(`MEMORY=${MEMORY}: write it like 256M or 8G`);
  return {
    machine: MACHINE as MachineType,
    memory: MEMORY,
    cpu: CPU || undefined,
    kvm: KVM === "1",
    commandLine: process.stdout.isTTY ? `color ${CMDLINE}`.trimEnd() : CMDLINE,
    extra: QEMU_EXTRA.split(" ").filter((word) => word !== ""),
  };
}

function refuse(message: string): never {
  console.error(`run: ${message}`);
  process.exit(2);
}

/** What a QEMU exit code means to a person, and the exit code this script ends with. */
function explain(code: number | null): { message: string; status: number } {
  switch (code) {
    case EXIT_PASS:
      return { message: "Tessera ended as asked.", status: 0 };
    case EXIT_PANIC:
      return { message: "Tessera ended in a panic or a fatal trap: see above.", status: 1 };
    case 0:
      return {
        message: "QEMU ended without a word from Tessera: quit by hand, or reset by a triple fault.",
        status: 0,
      };
    default:
      return { message: `QEMU ended with exit code ${code ?? "none"}.`, status: 1 };
  }
}

function main(): void {
  const { values } = parseArgs({
    options: {
      kernel: { type: "string" },
      root: { type: "string" },
      iso: { type: "string" },
      print: { type: "boolean" },
    },
  });
  const machine = machineFromEnvironment();
  if (values.iso !== undefined) {
    machine.image = { path: values.iso, medium: "cd" };
    machine.vga = true;
  } else {
    machine.kernel = values.kernel;
    if (values.root) takeRoot(machine, values.root);
  }
  const display = values.iso === undefined ? ["-display", "none"] : [];
  const command = [...qemuArguments(machine), ...display, "-serial", "mon:stdio"];
  if (values.print) {
    console.log(["qemu-system-x86_64", ...command].map(quote).join(" "));
    return;
  }
  console.log("  QEMU     Ctrl-A X quits, Ctrl-A C is QEMU's monitor");
  const qemu = spawn("qemu-system-x86_64", command, { stdio: "inherit" });
  process.on("SIGINT", () => undefined); // Ctrl-C is the guest's; QEMU decides.
  qemu.on("error", (error) => refuse(`qemu-system-x86_64 does not start: ${error.message}`));
  qemu.on("exit", (code) => {
    const { message, status } = explain(code);
    console.log(`  QEMU     ${message}`);
    process.exit(status);
  });
}

function takeRoot(machine: Machine, root: string): void {
  const words = machine.commandLine ?? "";
  if (!startsPrograms(words)) return;
  machine.module = root;
  machine.commandLine = withFirstProgram(words);
}

function quote(word: string): string {
  return /^[\w./,=:+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

main();
