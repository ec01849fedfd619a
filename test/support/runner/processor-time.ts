// The processor time of a test run, and a fixed piece of work to compare it with: seconds alone would compare machines.
import { pbkdf2Sync } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

/** Half a second on the machine on which it was chosen. */
const ROUNDS = 3_000_000
/** Linux counts in ticks of this length for all programs (USER_HZ). */
const TICKS_PER_SECOND = 100

export class ProcessorTime {
  /** Seconds. */
  readonly #fixedWork = fixedWork()
  readonly #before = secondsOf('self')

  /**
   * A sentence about the time since this object was made, of this process, its children that have ended, and `daemon`, which is no
   * child. Empty where the system has no /proc.
   */
  sentence(daemon: number | undefined): string {
    if (this.#before === undefined) return ''
    const own = (secondsOf('self') ?? 0) - this.#before
    const seconds = own + (daemon === undefined ? 0 : secondsOfTree(daemon))
    const times = Math.round(seconds / this.#fixedWork).toLocaleString('en')
    return `Processor time: ${seconds.toFixed(0)} s, ${times} times the fixed work of ${this.#fixedWork.toFixed(2)} s.\n`
  }
}

function fixedWork(): number {
  const before = process.cpuUsage()
  pbkdf2Sync('fixed', 'work', ROUNDS, 32, 'sha256')
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000_000
}

/** The time of a process and of its children that have ended. */
function secondsOf(pid: number | 'self'): number | undefined {
  const [, ...times] = /^(?:\S+ ){11}(\d+) (\d+) (\d+) (\d+) /.exec(statOf(pid)) ?? []
  if (times.length === 0) return undefined
  return times.reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND
}

/** The time of a process and of its children, also of those that still run. */
function secondsOfTree(pid: number): number {
  const running = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(Number(name)) === pid)
  return [pid, ...running.map(Number)].reduce((sum, one) => sum + (secondsOf(one) ?? 0), 0)
}

function parentOf(pid: number): number {
  return Number(statOf(pid).split(' ')[1])
}

/** The fields from the state on; the name before them may contain spaces. Empty where there is no such process. */
function statOf(pid: number | 'self'): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '')
  } catch {
    return ''
  }
}
