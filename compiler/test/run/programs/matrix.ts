// Matrices of signed numbers: nested arrays, powers, a determinant.

class Matrix {
  cells: FixedArray<FixedArray<i64, 3>, 3>;

  setIdentity(): void {
    for (let row: u32 = 0; row < 3; row++) {
      for (let column: u32 = 0; column < 3; column++) this.cells[row][column] = row === column ? 1n : 0n;
    }
  }

  setProduct(left: Matrix, right: Matrix): void {
    for (let row: u32 = 0; row < 3; row++) {
      for (let column: u32 = 0; column < 3; column++) {
        let sum: i64 = 0n;
        for (let k: u32 = 0; k < 3; k++) sum += left.cells[row][k] * right.cells[k][column];
        this.cells[row][column] = sum;
      }
    }
  }

  determinant(): i64 {
    return (
      this.cells[0][0] * this.minor(1, 2, 1, 2) -
      this.cells[0][1] * this.minor(1, 2, 0, 2) +
      this.cells[0][2] * this.minor(1, 2, 0, 1)
    );
  }

  private minor(top: u32, bottom: u32, left: u32, right: u32): i64 {
    return this.cells[top][left] * this.cells[bottom][right] - this.cells[top][right] * this.cells[bottom][left];
  }
}

const base = new Matrix();

export function main(): void {
  base.cells[0][0] = 1n;
  base.cells[0][1] = 1n;
  base.cells[1][0] = 1n;
  base.cells[2][2] = -2n;
  const power = new Matrix();
  power.setIdentity();
  for (let i: u32 = 0; i < 40; i++) {
    const product = new Matrix();
    product.setProduct(power, base);
    copyStruct(power, product);
  }
  log.info(`fibonacci ${power.cells[0][1]}, power ${power.cells[2][2]}`);
  log.info(`determinant ${base.determinant()}`);
}
