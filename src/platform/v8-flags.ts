// What a server tells V8 while it runs, and not on the command line: a flag there made each start slower (decision 0031), and
// these hold from a moment on, or for a while (0033).
import { setFlagsFromString } from 'node:v8'

/** V8's flag for learning where objects that live for long are made, to make them in the old space at once. */
export const PRETENURING = 'allocation-site-pretenuring'

/** What makes V8 leave functions as they are, and what it does by itself: with those called often, with those that loop long. */
export const OPTIMIZING = [
  {
    never: '--minimum-invocations-before-optimization=1000000000',
    standard: '--minimum-invocations-before-optimization=2',
  },
  { never: '--no-use-osr', standard: '--use-osr' },
] as const

/**
 * Makes every object young, whatever a crowd would teach V8: sign-ins live for long there, and what it had learned would make it
 * keep what every later request leaves behind (decision 0031). Call it once the program is loaded.
 */
export function keepObjectsYoung(): void {
  setFlagsFromString(`--no-${PRETENURING}`)
}

/**
 * Does work that a server does once, and lets V8 make none of its functions faster meanwhile: the memory its compilers take for
 * that stays with the process, and the work is done before it would pay (decision 0033). Load the work's modules before.
 */
export async function withoutOptimizing<Result>(work: () => Promise<Result>): Promise<Result> {
  for (const { never } of OPTIMIZING) setFlagsFromString(never)
  try {
    return await work()
  } finally {
    for (const { standard } of OPTIMIZING) setFlagsFromString(standard)
  }
}
