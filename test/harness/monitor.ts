/**
 * A client for QEMU's machine protocol (QEMU documentation, "QEMU Machine Protocol Specification"): JSON objects, one per
 * line, over a Unix socket.
 */
import { createConnection, type Socket } from "node:net";

type Reply = Record<string, unknown>;

export class QemuMonitor {
  private received = "";
  private readonly waiting: ((reply: Reply) => void)[] = [];

  private constructor(private readonly socket: Socket) {
    socket.setEncoding("utf8").on("data", (text) => this.receive(String(text)));
  }

  /** Saves the screen as a PPM file. */
  static async screenshot(socketPath: string, file: string): Promise<void> {
    const monitor = await QemuMonitor.connect(socketPath);
    try {
      await monitor.execute("screendump", { filename: file });
    } finally {
      monitor.socket.destroy();
    }
  }

  static async connect(socketPath: string): Promise<QemuMonitor> {
    const socket = createConnection(socketPath);
    await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    const monitor = new QemuMonitor(socket);
    await monitor.execute("qmp_capabilities");
    return monitor;
  }

  /** Presses keys together and lets them go, by QEMU's names for them: "a", "ret", "ctrl". */
  async press(...keys: string[]): Promise<void> {
    await this.execute("send-key", { keys: keys.map((data) => ({ type: "qcode", data })) });
  }

  close(): void {
    this.socket.destroy();
  }

  /** Runs one command and gives its result. The greeting and events carry neither return nor error and are skipped. */
  private async execute(command: string, parameters: Reply = {}): Promise<unknown> {
    const reply = await new Promise<Reply>((resolve, reject) => {
      this.waiting.push(resolve);
      this.socket.once("close", () => reject(new Error(`QEMU ended during ${command}`)));
      this.socket.write(`${JSON.stringify({ execute: command, arguments: parameters })}\n`);
    });
    if ("error" in reply) throw new Error(`QEMU refuses ${command}: ${JSON.stringify(reply["error"])}`);
    return reply["return"];
  }

  private receive(text: string): void {
    const lines = (this.received + text).split("\n");
    this.received = lines.pop() ?? "";
    for (const line of lines) {
      if (line.trim() === "") continue;
      const reply = JSON.parse(line) as Reply;
      if ("return" in reply || "error" in reply) this.waiting.shift()?.(reply);
    }
  }
}
