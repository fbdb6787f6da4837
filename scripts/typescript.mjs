// TypeScript for bundles. esbuild copies what an import of a CommonJS module brings for each file that has it; here once.
import ts from "../node_modules/typescript/lib/typescript.js";
export default ts;
