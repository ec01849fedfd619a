import { randomInt } from 'node:crypto'

import type { Duration } from '../../kernel/time.ts'

/** Some hundred times what could tell who has an account: rows that are read and written for a user only. */
const LONGEST: Duration = 16

/** Holds a refusal for 1 to 16 milliseconds, by chance, so that its time tells nothing to whoever has not very many of them. */
export async function holdByChance(): Promise<void> {
  // The global timer and not that of node:timers/promises, which no test can put a clock of its own under.
  await new Promise((resolve) => setTimeout(resolve, randomInt(1, LONGEST + 1)))
}
