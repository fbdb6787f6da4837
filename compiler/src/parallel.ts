// Compiling on two cores: the check takes as long as the translation, and neither needs what the other finds.
//
//   this thread    check -----> complaints, or none: then what the other thread made counts
//   the other      translate -> C
//
// The other thread can be ended where an ill-typed program keeps it busy, which is why the translation is in that one.

import { once } from "node:events";
import { parentPort, type Worker } from "node:worker_threads";

import { check, compile, translate, type CompileOptions, type CompileResult } from "./compile";
import { keepSources } from "./program";
import { isBundled, startedThread, startThread } from "./thread";

/** A program to translate. `isKept`: more will follow, each like the one before. */
interface Request {
  readonly options: CompileOptions;
  readonly isKept: boolean;
}

const FINISHED = "finished";

type Answer = { readonly result: CompileResult } | { readonly error: unknown };

/** Translates programs in the other thread, one at a time. */
export class Translator {
  private worker: Worker | undefined = startedThread;
  private isBusy = false;

  /** An earlier translation that has not come to its end is given up. */
  async translate(request: Request): Promise<CompileResult> {
    if (this.isBusy) this.stop();
    this.worker ??= startThread();
    this.isBusy = true;
    this.worker.ref();
    const answered = once(this.worker, "message") as Promise<[Answer]>;
    this.worker.postMessage(request);
    const [answer] = await answered;
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

/** What the other thread does. */
export function serveTranslations(): void {
  const port = parentPort;
  port?.on("message", (request: Request | typeof FINISHED) =>
    request === FINISHED ? port.close() : port.postMessage(answerTo(request)),
  );
}

function answerTo({ options, isKept }: Request): Answer {
  try {
    if (isKept) keepSources();
    return { result: translate(options) };
  } catch (error) {
    return { error };
  }
}

/** `isKept`: more will follow, each like the one before. */
export async function compileParallel(
  translator: Translator,
  options: CompileOptions,
  isKept: boolean,
): Promise<CompileResult> {
  if (!isBundled) return compile(options);
  const translation = translator.translate({ options, isKept });
  // Whether it failed is of interest only when there are no complaints.
  translation.catch(() => undefined);
  const diagnostics = check(options);
  return diagnostics.length > 0 ? { c: "", units: {}, names: {}, diagnostics } : translation;
}
