import type { TestContext } from 'node:test'

import type { Duration } from '#foundation/kernel/time.ts'
import type { Server } from '../server/start.ts'

/** Lets time pass for a server and for the protocol's libraries, which read the machine's clock. */
export interface SharedClock {
  pass(duration: Duration): void
}

/** Sets the machine's clock of this test to that of the server; both move together from then on. */
export function shareClock(t: TestContext, { clock }: Pick<Server, 'clock'>): SharedClock {
  const { timers } = t.mock
  timers.enable({ apis: ['Date'], now: clock.now() })
  return {
    pass(duration) {
      clock.pass(duration)
      timers.setTime(clock.now())
    },
  }
}
