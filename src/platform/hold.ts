import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'

import type { Duration } from '../kernel/time.ts'

/** Some hundred times what could tell who has an account: rows that are read and written for a user only. */
const LONGEST: Duration = 16

/** Holds a refusal for 1 to 16 milliseconds, by chance, so that its time tells nothing to whoever has not very many of them. */
export async function holdByChance(): Promise<void> {
  await pause(randomInt(1, LONGEST + 1))
}
