// Without a message, the panic shows the condition.

class Gate {
  open: bool;
  pass(): void {
    assert(this.open); // panics
    log.info("passed");
  }
}

const gate = new Gate();

export function main(): void {
  gate.open = true;
  gate.pass();
  gate.open = false;
  gate.pass();
}
