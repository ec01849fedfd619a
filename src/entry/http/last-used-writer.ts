import { setTimeout as pause } from 'node:timers/promises'

import type { Dependencies, With } from '../../foundation/context.ts'
import { seconds } from '../../foundation/kernel/time.ts'
import type { Duration, Instant } from '../../foundation/kernel/time.ts'

/** Writes down when these, by id, were last used. */
type Write = (ctx: With<'db'>, uses: ReadonlyMap<string, Instant>) => Promise<void>

/** How long writing rests after one; the more come at once, the longer, so that more are written together. */
const REST: Duration = 10
const LONGEST_REST: Duration = seconds(1)
/** How many in one transaction, so that no request waits for long behind it. */
const AT_ONCE = 100

/**
 * Notes when sessions, or API tokens, were last used, after the answers: at once where one comes alone, and together where many come
 * within a second, because each commit is a wait for the disk. What a crash takes along makes a session end a little
 * earlier, never later.
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

  /** Writes what is noted; nothing may be noted afterwards. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#writing
  }

  async #writeAll(): Promise<void> {
    while (this.#noted.size > 0) {
      const rest = Math.min(REST * this.#noted.size, LONGEST_REST)
      await this.#writeSome()
      // Over as well when closing begins, which it hears of as an error.
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
