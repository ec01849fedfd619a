// Loaded by a process of the real program (`--import`) whose machine's clock a test moves, by way of the file
// `moved-clock.json` in the folder it works in.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Duration } from '../../../src/foundation/kernel/time.ts'

/** What the machine has been through since the process started, beside the real time. */
export interface Moved {
  /** How far its clock was set ahead. */
  readonly set: Duration
  /** How much time went by. */
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
