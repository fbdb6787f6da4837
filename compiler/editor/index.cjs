// What tsserver loads: it requires a CommonJS module, at once. The plugin itself is TypeScript, run through tsx.
"use strict";

const { require: requireTypeScript } = require("tsx/cjs/api");

module.exports = requireTypeScript("./plugin.ts", __filename).init;
