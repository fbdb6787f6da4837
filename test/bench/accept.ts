/** `make bench-accept`: writes what operations and boots cost now to counts.txt. Expects both kernels to be built. */
import { improvements, readCounts, regressions, writeCounts } from "./counts";
import { measureCounts } from "./figures";

const measured = await measureCounts();
const accepted = readCounts();
for (const change of [...regressions(accepted, measured), ...improvements(accepted, measured)]) console.log(change);
writeCounts(measured);
