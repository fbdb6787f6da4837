// Compiling on two cores: the check takes as long as the translation, and neither needs what the other finds.
//
//   this thread    check -----> complaints, or none: then what the other thread made counts
//   the other      translate -> C
//
// The other thread is the same program, started once more: main.ts serves there. It can be ended where an ill-typed
// program keeps it busy, which is why the translation is in that one. From its sources, through tsx, a program cannot be
// started in a thread: then one does all.

import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

import { check, compile, translate, type CompileOptions, type CompileResult } from "./compile";
import { keepSources } from "./program";

/** V8's default collects young objects too often for a compiler, which makes many that stay. */
const YOUNG_MEGABYTES = 128;

const FINISHED = "finished";

type Answer = { readonly result: CompileResult } | { readonly error: unknown };

/** Translates programs in a thread of its own, one at a time. */
export class Translator {
  private worker: Worker | undefined;
  private isBusy = false;

  /** `isKept`: for more than one program, each like the one before. */
  constructor(private readonly isKept: boolean) {}

  /** An earlier translation that has not come to its end is given up. */
  async translate(options: CompileOptions): Promise<CompileResult> {
    if (this.isBusy) this.stop();
    this.worker ??= new Worker(process.argv[1] ?? "", {
      workerData: { isKept: this.isKept },
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
    });
    this.isBusy = true;
    const answer = await answerOf(this.worker, options);
    this.isBusy = false;
    if ("error" in answer) throw answer.error;
    return answer.result;
  }

  /** Ends the thread, in order if it has nothing to do. */
  finish(): void {
    if (this.isBusy) this.stop();
    else this.worker?.postMessage(FINISHED);
  }

  private stop(): void {
    void this.worker?.terminate();
    this.worker = undefined;
    this.isBusy = false;
  }
}

function answerOf(worker: Worker, options: CompileOptions): Promise<Answer> {
  return new Promise((answer, fail) => {
    worker.once("message", answer);
    worker.once("error", fail);
    worker.postMessage(options);
  });
}

/** What the other thread does. */
export function serveTranslations(): void {
  const port = parentPort;
  const { isKept } = workerData as { isKept: boolean };
  if (isKept) keepSources();
  port?.on("message", (request: CompileOptions | typeof FINISHED) =>
    request === FINISHED ? port.close() : port.postMessage(answerFor(request)),
  );
}

function answerFor(options: CompileOptions): Answer {
  try {
    return { result: translate(options) };
  } catch (error) {
    return { error };
  }
}

export const isTranslatorThread = !isMainThread;

const isBundled = process.argv[1]?.endsWith(".ts") === false;

export async function compileParallel(translator: Translator, options: CompileOptions): Promise<CompileResult> {
  if (!isBundled) return compile(options);
  const translation = translator.translate(options);
  // Whether it failed is of interest only when there are no complaints.
  translation.catch(() => undefined);
  const diagnostics = check(options);
  return diagnostics.length > 0 ? { c: "", units: {}, names: {}, diagnostics } : translation;
}
