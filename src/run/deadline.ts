/** The longest delay that timers take, in milliseconds. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Calls back after any number of milliseconds; returns how to call it off. */
export function afterMs(milliseconds: number, callBack: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = (left: number): void => {
    const delay = Math.min(left, TIMER_MAX_MS);
    timer = setTimeout(() => (left > delay ? arm(left - delay) : callBack()), delay);
  };
  arm(Math.max(0, milliseconds));
  return () => clearTimeout(timer);
}
