/** A test that runs inside the kernel: it passes when `run` returns, and fails by a panic or a failed assertion. */
export class MetalTest {
  /** The value of `test=` on the command line that runs it. */
  name: string = "";
  run: () => void;
}
