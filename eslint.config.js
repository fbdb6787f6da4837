// Lint rules. Layout is prettier's; what the kernel language forbids is the compiler's; the rest is here.
import tseslint from "typescript-eslint";

const KERNEL = ["arch/**/*.ts", "boot/**/*.ts", "kernel/**/*.ts", "templates/**/*.ts", "test/metal/**/*.ts"];
const NODE = [
  "compiler/{src,editor,machine,vite}/**/*.ts",
  "compiler/test/{,differential/,fuzz/}*.ts",
  "scripts/**/*.ts",
  "test/**/*.ts",
  "user/lib/machine.node.ts",
  "vitest.config.ts",
];
const PROGRAMS = ["user/**/*.ts"];
const KERNEL_IN_TEST = ["test/metal/**", "test/unit/*/**", "test/bench/*/**"];

export default tseslint.config(
  { ignores: ["build/**", "node_modules/**", "compiler/test/{accept,proved,reject,run}/**", "compiler/lang/**"] },
  {
    files: NODE,
    ignores: KERNEL_IN_TEST,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: ["tsconfig.node.json", "test/unit/tsconfig.json"] } },
    rules: {
      eqeqeq: "error",
      "max-params": ["error", 6],
      "max-lines-per-function": ["error", { max: 60 }],
      "no-control-regex": "off",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/restrict-template-expressions": "off",
    },
  },
  {
    files: PROGRAMS,
    ignores: ["**/*.node.ts", "**/*.d.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: ["user/tsconfig.json"] } },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "max-params": ["error", { max: 7 }],
      "max-lines-per-function": ["error", { max: 60 }],
      "no-control-regex": "off",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/restrict-template-expressions": "off",
    },
  },
  {
    // What inline C uses looks unused.
    files: ["user/lib/machine.ts"],
    rules: {
      "prefer-const": "off",
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-unused-vars": "off",
    },
  },
  {
    files: ["**/*.test.ts"],
    rules: { "max-lines-per-function": "off" },
  },
  {
    files: KERNEL,
    languageOptions: { parser: tseslint.parser },
    plugins: { "@typescript-eslint": tseslint.plugin },
    rules: {
      eqeqeq: "error",
      "no-else-return": "error",
      "no-unreachable": "error",
      "prefer-const": "error",
      "max-params": ["error", 6],
      "max-lines-per-function": ["error", { max: 60 }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-inferrable-types": "off",
      "@typescript-eslint/consistent-type-imports": "off",
    },
  },
);
