class Machine {
  step: ((machine: Machine) => void) | null;
}
type Step = (machine: Machine) => void;
function stop(machine: Machine): void {
  machine.step = null;
}
const machine = new Machine();
export function main(): void {
  const step: Step = stop;
  machine.step = step;
  if (machine.step !== null) machine.step(machine);
}
