/** A copy of twice the length, zeros behind. */
export function doubled(array: Int32Array): Int32Array {
  const wider = new Int32Array(array.length * 2);
  wider.set(array);
  return wider;
}
