/**
 * `checkPrograms.ts SOURCE...`: types of programs, and what Porffor gets wrong (scripts/programs/rules.ts).
 */
import { checkPrograms, complaintText } from "./programs/check";

const complaints = checkPrograms(process.argv.slice(2), "user/tsconfig.json");
for (const complaint of complaints) console.error(complaintText(complaint));
process.exitCode = complaints.length === 0 ? 0 : 1;
