import { environment } from '../platform/environment.ts'
import type { Environment } from '../platform/environment.ts'

/** npm scripts that start this program; any other script has its own way of calling it. */
const OWN_SCRIPTS: readonly (string | undefined)[] = ['start', 'doorward']

/** How the program was started, so that a command it suggests can be pasted as it stands. */
export function invokedAs(env: Environment = environment()): string {
  return OWN_SCRIPTS.includes(env['npm_lifecycle_event']) ? 'npm run -s doorward --' : 'doorward'
}
