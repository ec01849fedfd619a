// Loaded by a process of the real program with `--import`: its clocks follow the file `moved-clock.json` in its working directory,
// which a test writes.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Duration } from '#foundation/kernel/time.ts'

/** What is added to the real time of the machine. */
export interface Moved {
  /** How far the wall clock was set forward. */
  readonly set: Duration
  /** How much time has passed, on both clocks. */
  readonly passed: Duration
}

const FILE = join(process.cwd(), 'moved-clock.json')
const read = { wall: Date.now, passed: performance.now.bind(performance) }

function moved(): Moved {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Moved
}

Date.now = () => {
  const { set, passed } = moved()
  return read.wall() + set + passed
}
performance.now = () => read.passed() + moved().passed
