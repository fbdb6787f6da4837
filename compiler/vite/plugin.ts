// The Vite plugin: tests import kernel modules as if they were ordinary TypeScript, and get what the compiler makes
// of them.
//
//   vitest --import kernel/mm/x.ts--> load() --> compiler --> ES module and source map, on the machine of
//                                                             machine/session.ts

import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

import { KernelModules } from "./kernelModules";

export interface TesseraOptions {
  /** The project root. */
  readonly root: string;
  /** Which files, relative to the root, are kernel TypeScript. */
  readonly kernel: RegExp;
}

const SESSION = join(dirname(fileURLToPath(import.meta.url)), "../machine/session.ts");

export function tessera({ root, kernel }: TesseraOptions): Plugin {
  const base = resolve(root);
  const modules = new KernelModules(base, SESSION);
  const pathOf = (id: string): string => relative(base, id.replace(/\?.*$/, "")).replaceAll("\\", "/");
  return {
    name: "tessera",
    enforce: "pre",
    // What is loaded here is JavaScript already.
    config: () => ({
      esbuild: { exclude: [/\.js$/, new RegExp(`^${escape(`${base}/`)}(?:${withoutStart(kernel)})`)] },
    }),
    load(id) {
      const path = pathOf(id);
      if (!kernel.test(path)) return undefined;
      const { code, map } = modules.module(path);
      return { code, map: { ...map, sources: [...map.sources], names: [...map.names] } };
    },
    watchChange: () => modules.clear(),
  };
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const withoutStart = (pattern: RegExp): string => pattern.source.replace(/^\^/, "");
