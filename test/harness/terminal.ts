/**
 * Somebody at the machine's terminal: types on the serial line or on the keyboard, and reads what appears.
 *
 *     type("ls\r") --> serial line --+
 *                                    +--> Tessera --> serial line --> output --> expect(/\$ $/)
 *     press("l") --> QEMU monitor ---'
 */
import { createConnection, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { QemuMonitor } from "./monitor";

/** How long a wait for text may take before it has failed. */
const PATIENCE_MILLISECONDS = 30_000;
const POLL_MILLISECONDS = 10;

export class TerminalSession {
  /** Everything that has come out of the serial line, control sequences included. */
  output = "";
  private read = 0;
  private hasEnded = false;

  private constructor(
    private readonly socket: Socket,
    private readonly monitorPath: string,
  ) {
    socket.setEncoding("utf8").on("data", (text) => (this.output += String(text)));
    socket.on("close", () => (this.hasEnded = true)).on("error", () => (this.hasEnded = true));
  }

  /** Connects to a machine that has just been started, and lets it begin. */
  static async connect(serialPath: string, monitorPath: string): Promise<TerminalSession> {
    const socket = await connectSoon(serialPath, Date.now() + PATIENCE_MILLISECONDS);
    return new TerminalSession(socket, monitorPath);
  }

  /** Sends bytes as they are: enter is "\r". */
  type(text: string): void {
    this.socket.write(text);
  }

  /** Presses keys of the keyboard one after the other: "a", "ret", or several at once: "ctrl-c". */
  async press(...keys: string[]): Promise<void> {
    const monitor = await QemuMonitor.connect(this.monitorPath);
    try {
      for (const key of keys) await monitor.press(...key.split("-"));
    } finally {
      monitor.close();
    }
  }

  /** Waits for text behind all that was waited for before, and gives what it matched. */
  async expect(pattern: RegExp): Promise<RegExpExecArray> {
    const end = Date.now() + PATIENCE_MILLISECONDS;
    while (true) {
      const match = pattern.exec(this.output.slice(this.read));
      if (match !== null) {
        this.read += match.index + match[0].length;
        return match;
      }
      if (this.hasEnded) throw new Error(`the machine ended before ${pattern} appeared`);
      if (Date.now() > end)
        throw new Error(`${pattern} has not appeared, but ${JSON.stringify(this.output.slice(this.read))}`);
      await sleep(POLL_MILLISECONDS);
    }
  }
}

/** QEMU makes its sockets when it gets to that. */
async function connectSoon(path: string, end: number): Promise<Socket> {
  while (true) {
    const socket = createConnection(path);
    const isConnected = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    if (isConnected) return socket;
    if (Date.now() > end) throw new Error("QEMU has not opened its serial line");
    await sleep(POLL_MILLISECONDS);
  }
}
