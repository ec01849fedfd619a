import { setTimeout as pause } from 'node:timers/promises'

import type { Dependencies, With } from '#foundation/context.ts'
import { type Duration, type Instant, seconds } from '#foundation/kernel/time.ts'

/** Stores the time of last use for each id. */
type Write = (ctx: With<'db'>, uses: ReadonlyMap<string, Instant>) => Promise<void>

/** The writer pauses after each write: 10 ms for each entry, at most one second, so that entries under load share a transaction. */
const REST: Duration = 10
const LONGEST_REST: Duration = seconds(1)
/** Entries per transaction; limits how long another write waits for this one. */
const AT_ONCE = 100

/**
 * Stores when sessions or API tokens were last used, after the answer: a single use at once, many uses within a second together, because
 * each commit waits for the disk. A crash loses what is not written yet; then a session ends a little earlier, never later.
 */
export class LastUsedWriter {
  readonly #deps: Pick<Dependencies, 'db' | 'log'>
  readonly #write: Write
  readonly #noted = new Map<string, Instant>()
  readonly #closing = new AbortController()
  #writing: Promise<void> | undefined

  constructor(deps: Pick<Dependencies, 'db' | 'log'>, write: Write) {
    this.#deps = deps
    this.#write = write
  }

  note(id: string, now: Instant): void {
    this.#noted.set(id, now)
    this.#writing ??= this.#writeAll()
  }

  /** Writes what is buffered. `note` must not be called afterwards. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#writing
  }

  async #writeAll(): Promise<void> {
    while (this.#noted.size > 0) {
      const rest = Math.min(REST * this.#noted.size, LONGEST_REST)
      await this.#writeSome()
      // The pause rejects when `close` aborts it; then the next entries are written at once.
      await pause(rest, undefined, { signal: this.#closing.signal, ref: false }).catch(() => undefined)
    }
    this.#writing = undefined
  }

  async #writeSome(): Promise<void> {
    const { db, log } = this.#deps
    const noted = Array.from(this.#noted)
    this.#noted.clear()
    for (let first = 0; first < noted.length; first += AT_ONCE) {
      await this.#write({ db }, new Map(noted.slice(first, first + AT_ONCE))).catch((error: unknown) =>
        log.warn({ err: error }, 'last uses of sessions or API tokens were not written; they are lost'),
      )
    }
  }
}
