type Action = () => void;
function nothing(): void {}
let action: Action = nothing;
export function main(): void {
  action = nothing;
  action();
}
