type Action = () => void;
const action: Action = function (): void {}; // error TK1005
export function main(): void {
  action();
}
