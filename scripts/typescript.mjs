// TypeScript for bundles. esbuild copies all names of a CommonJS module for each file that imports it: here once.
import ts from "../node_modules/typescript/lib/typescript.js";
export default ts;
