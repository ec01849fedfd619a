import type { Duration } from '../../kernel/time.ts'

/** How long the first of those that are held waits for others. */
const LINGER: Duration = 40
/** So many go on at once: on a fast machine all clients would be held otherwise, and no crowd be left. */
const MOST = 8

/**
 * Runs what is told to it: at once, or, while `shouldBatch` says so, together with what follows within `LINGER`, up to `MOST`. Each time a
 * program is woken, its code and data come back from memory that the hashes have filled; in company they come once for all.
 * What was told first runs first.
 */
export class Gathered {
  readonly #shouldBatch: () => boolean
  #held: (() => void)[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(shouldBatch: () => boolean) {
    this.#shouldBatch = shouldBatch
  }

  tell(task: () => void): void {
    this.#held.push(task)
    if (this.#held.length < MOST && this.#shouldBatch()) this.#timer ??= setTimeout(() => this.release(), LINGER)
    else this.release()
  }

  /** Runs all that is held, now. */
  release(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const held = this.#held
    this.#held = []
    for (const task of held) task()
  }
}
