// How a command of ours is typed, so that one we suggest can be pasted as it stands.
import type { Config } from './config.ts'
import { environment } from './environment.ts'
import type { Environment } from './environment.ts'

/** npm scripts that start this program; any other script has its own way of calling it. */
const OWN_SCRIPTS: readonly (string | undefined)[] = ['start', 'doorward']

type Placed = Pick<Config, 'placeFlags'>

/** How the program was started. */
export function invokedAs(env: Environment = environment()): string {
  return OWN_SCRIPTS.includes(env['npm_lifecycle_event']) ? 'npm run -s doorward --' : 'doorward'
}

/**
 * A command for whoever started the program, acting on the same database: with the flags that say where it is. What may
 * hold a password is not repeated; the variable that it belongs into stands in its place.
 */
export function commandFor({ placeFlags }: Placed, words: string, env?: Environment): string {
  const variables = placeFlags.flatMap(({ value, variable }) => (value === null ? [`${variable}=…`] : []))
  const flags = placeFlags.flatMap(({ flag, value }) => (value === null ? [] : [`${flag} ${quotedForShell(value)}`]))
  return [...variables, invokedAs(env), words, ...flags].join(' ')
}

/** The same for a page: which flags it takes, but to nobody where things lie. */
export function commandOnPage({ placeFlags }: Placed, words: string, env?: Environment): string {
  return [invokedAs(env), words, ...placeFlags.map(({ flag }) => `${flag} …`)].join(' ')
}

function quotedForShell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
