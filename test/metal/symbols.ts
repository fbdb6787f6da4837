/** The symbol table in the image: every address of the kernel's code has a name, and no other. */
import { ImageSection, sectionEnd, sectionStart } from "../../arch/x86_64/image";
import { initTraps } from "../../kernel/trap";
import { startKernel } from "../../kernel/start";
import { hasSymbols, locate, locateCaller, Location, returnPlaceAt, ReturnPlace } from "../../kernel/symbolTable";
import { sameText } from "../../kernel/text";

/** More than any function is inlined deep. */
const MAX_CALLERS: u32 = 64;
const LINE_LIMIT: u32 = 10_000;

/** Looks up each byte of the code, and what lies around it. */
export function testSymbols(): void {
  assert(hasSymbols());
  expectName(addressOf(initTraps), "initTraps", "kernel/trap.ts");
  expectName(addressOf(startKernel), "startKernel", "kernel/start.ts");
  expectName(addressOfSymbol("probe_run"), "probe_run", "arch/x86_64/probe.asm");
  assert(returnPlaceAt(addressOf(startKernel)) === ReturnPlace.OnTop);
  assert(returnPlaceAt(addressOfSymbol("probe_run") + 1n) === ReturnPlace.BelowSavedFrame);
  assert(returnPlaceAt(addressOfSymbol("probe_run") + 4n) === ReturnPlace.InFrame);
  const location = new Location();
  let address = sectionStart(ImageSection.Text);
  while (address < sectionEnd(ImageSection.Text)) {
    expectSense(address, location);
    address += 1n;
  }
  assert(!locate(sectionStart(ImageSection.Text) - 1n, location));
  assert(!locate(sectionEnd(ImageSection.Text), location));
  assert(!locate(0n, location));
  assert(!locate(u64.MAX, location));
}

function expectName(address: u64, name: string, file: string): void {
  const location = new Location();
  assert(locate(address, location));
  let callers: u32 = 0;
  while (!sameText(location.name, name) && locateCaller(location)) callers += 1;
  assert(sameText(location.name, name), `${hex(address)} is ${location.name}, not ${name}`);
  assert(sameText(location.file, file), `${name} is said to be in ${location.file}`);
  assert(callers < MAX_CALLERS);
}

/** A name, a plausible line, and callers that come to an end. */
function expectSense(address: u64, location: Location): void {
  assert(locate(address, location), `${hex(address)} has no name`);
  for (let callers: u32 = 0; callers < MAX_CALLERS; callers += 1) {
    assert(byteLength(location.name) > 0 && location.line < LINE_LIMIT, `${hex(address)} makes no sense`);
    if (!locateCaller(location)) return;
  }
  panic(`the callers of ${hex(address)} do not end`);
}
