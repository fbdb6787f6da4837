/**
 * All tests in one run. Boot tests start QEMU, unit and compiler tests run the compiler and gcc, tidy only reads files.
 */
import { defineConfig } from "vitest/config";
import { tessera } from "./compiler/vite/plugin";

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    allowOnly: false,
    // `vitest --coverage` counts the kernel's own lines; it asks for @vitest/coverage-v8.
    coverage: { provider: "v8", include: ["arch/**/*.ts", "boot/**/*.ts", "kernel/**/*.ts"] },
    projects: [
      { extends: true, test: { name: "tidy", include: ["test/tidy/**/*.test.ts"] } },
      {
        extends: true,
        plugins: [tessera({ root: import.meta.dirname, kernel: /^compiler\/test\/run\/.*\.ts$/ })],
        test: { name: "compiler", include: ["compiler/test/**/*.test.ts"] },
      },
      {
        extends: true,
        plugins: [
          tessera({
            root: import.meta.dirname,
            kernel: /^(?:arch|boot|kernel|test\/metal|test\/unit\/programs)\/.*\.ts$/,
          }),
        ],
        test: { name: "unit", include: ["test/unit/**/*.test.ts"] },
      },
      {
        extends: true,
        test: {
          name: "programs",
          include: ["test/programs/**/*.test.ts"],
          globalSetup: ["test/harness/buildPrograms.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "boot",
          include: ["test/boot/**/*.test.ts"],
          globalSetup: ["test/harness/buildKernels.ts"],
        },
      },
    ],
  },
});
