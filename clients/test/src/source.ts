// The kit as Doorward's own tests use it: from its sources, with the server that is built from this clone. The package starts at index.ts.
import { join } from 'node:path'

import { type Doorward, startDoorwardOf, type StartOptions } from './doorward.ts'

const programs = {
  doorward: join(import.meta.dirname, '..', '..', '..', 'dist', 'doorward.js'),
  steering: join(import.meta.dirname, 'steering.ts'),
}

export function startDoorward(options: StartOptions = {}): Promise<Doorward> {
  return startDoorwardOf(programs, options)
}
