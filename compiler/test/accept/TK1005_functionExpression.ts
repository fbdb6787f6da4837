type Action = () => void;
function nothing(): void {}
const ACTIONS: FixedArray<Action, 1> = [nothing];
export function main(): void {
  ACTIONS[0]();
}
