type Action = () => void;
let action: Action; // error TK4006
function nothing(): void {}
export function main(): void {
  action = nothing;
  action();
}
