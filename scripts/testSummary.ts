/**
 * Prints the plain summary of a vitest JSON report: `N passed, N failed`, with `, N skipped` where there are any, and the
 * names of the failed and skipped tests above it. Exits 1 when a test failed, a file did not load, or nothing ran.
 */
import { readFileSync } from "node:fs";

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: {
    name: string;
    status: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
}

function main(path: string): number {
  const report = JSON.parse(readFileSync(path, "utf8")) as Report;
  // A file that does not load has no tests to count; it counts as one failure.
  const broken = report.testResults.filter((file) => file.status === "failed" && !hasFailedTest(file));
  list("failed", report);
  for (const file of broken) console.log(`failed: ${file.name} did not run`);
  list("skipped", report);
  const failed = report.numFailedTests + broken.length;
  const skipped = report.numPendingTests;
  console.log(`${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed > 0 || report.numPassedTests === 0 ? 1 : 0;
}

function hasFailedTest(file: Report["testResults"][number]): boolean {
  return file.assertionResults.some((test) => test.status === "failed");
}

function list(status: string, report: Report): void {
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === status) console.log(`${status}: ${test.fullName}`);
    }
  }
}

process.exitCode = main(process.argv[2] ?? "build/test-results.json");
