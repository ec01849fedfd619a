// The clock of the server, which a test moves forward.
import type { ChildProcess } from 'node:child_process'

import type { Steered } from './steering.ts'

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

export class MovedClock {
  readonly #server: ChildProcess
  #passed = 0

  constructor(server: ChildProcess) {
    this.#server = server
  }

  /** The time of the server, in milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#passed
  }

  /**
   * Lets time pass at the server: milliseconds, or a duration such as `'90s'`, `'30m'`, `'1h'` or `'7d'`. Resolves when the server has heard
   * of it. The clock of the test itself stays, and no clock goes back.
   */
  async advance(duration: number | string): Promise<void> {
    const length = typeof duration === 'number' ? duration : read(duration)
    if (!(length >= 0)) throw new Error(`The clock cannot be moved by ${duration}: it only goes forward.`)
    const passed = (this.#passed += length)
    const server = this.#server
    await new Promise<void>((resolve, reject) => {
      const settle = (end: () => void): void => {
        server.off('message', hear).off('exit', fail)
        end()
      }
      const hear = (steered: Steered): void => {
        if (steered.passed === passed) settle(resolve)
      }
      const fail = (): void => settle(() => reject(new Error('The server has stopped, so its clock cannot be moved.')))
      server.on('message', hear).on('exit', fail)
      if (server.connected) server.send({ passed } satisfies Steered, (error) => error && fail())
      else fail()
    })
  }
}

function read(duration: string): number {
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(duration) ?? []
  const length = UNITS[unit]
  if (length === undefined) throw new Error(`'${duration}' is no duration. Write it like '90s', '30m', '1h' or '7d'.`)
  return Number(count) * length
}
