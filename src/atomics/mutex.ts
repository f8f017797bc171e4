/** Thrown where a lock can never be granted, because the only thread there is holds it already. */
export class DeadlockError extends Error {
  override readonly name = 'DeadlockError';
}

/**
 * A mutual exclusion lock, not re-entrant, as Go's `sync.Mutex` is.
 *
 * An `unlock` happens before every later `lock` that succeeds. In plain JavaScript nobody else can run while the lock
 * is waited for, so locking a held mutex can only be a deadlock of the caller with itself and is reported as one.
 */
export class Mutex {
  #isLocked = false;

  /**
   * Takes the lock.
   *
   * @throws DeadlockError if it is held.
   */
  lock(): void {
    if (this.#isLocked) {
      throw new DeadlockError(
        'deadlock: lock of a mutex that is already held; its holder is the caller itself and would wait for ever',
      );
    }
    this.#isLocked = true;
  }

  /** Takes the lock if it is free, and returns whether it did. */
  tryLock(): boolean {
    if (this.#isLocked) return false;
    this.#isLocked = true;
    return true;
  }

  /**
   * Gives the lock back.
   *
   * @throws Error if it is not held.
   */
  unlock(): void {
    if (!this.#isLocked) throw new Error('unlock of a mutex that is not locked');
    this.#isLocked = false;
  }

  /** Whether somebody holds the lock: for inspection, never for deciding what to do. */
  get isLocked(): boolean {
    return this.#isLocked;
  }
}
