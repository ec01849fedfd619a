import { setFlagsFromString } from 'node:v8'

/** V8's flag for learning where objects that live for long are made, to make them in the old space at once. */
export const PRETENURING = 'allocation-site-pretenuring'

/**
 * Makes every object young, whatever a crowd would teach V8: sign-ins live for long there, and what it had learned would make it
 * keep what every later request leaves behind (decision 0031). Call it once the program is loaded: given to Node at its
 * start, the flag makes the start slower.
 */
export function keepObjectsYoung(): void {
  setFlagsFromString(`--no-${PRETENURING}`)
}
