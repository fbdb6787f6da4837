// `--watch`: compiles again whenever a source changes. The process stays, and with it what it knows: sources that did
// not change are not parsed again, files that no change concerns are not checked again, and the compiler's own code
// has been optimised.

import { watch, type FSWatcher } from "node:fs";
import { dirname } from "node:path";

/** Editors write a file in several steps, and several files at once. */
const QUIET_MILLISECONDS = 30;

/** Runs `step` now and after each change in a folder of the files that it names. It does not come back. */
export async function repeatOnChange(step: () => Promise<Iterable<string>>): Promise<never> {
  const folders = new Folders();
  for (;;) {
    const files = await step();
    folders.include([...files].map((file) => dirname(file)));
    await folders.change();
  }
}

/** Folders that are looked after. A change while nobody waits for one is not lost. */
class Folders {
  private readonly watchers = new Map<string, FSWatcher>();
  private timer: NodeJS.Timeout | undefined;
  private hasChanged = false;
  private awake: () => void = () => undefined;

  include(folders: readonly string[]): void {
    for (const folder of folders)
      if (!this.watchers.has(folder))
        this.watchers.set(
          folder,
          watch(folder, (_, name) => this.note(name)),
        );
  }

  private note(name: string | null): void {
    if (name !== null && !name.endsWith(".ts")) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.hasChanged = true;
      this.awake();
    }, QUIET_MILLISECONDS);
  }

  async change(): Promise<void> {
    if (!this.hasChanged) await new Promise<void>((awake) => (this.awake = awake));
    this.hasChanged = false;
  }
}
