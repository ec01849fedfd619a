// How a command of ours is typed, so that one we suggest can be pasted as it stands.
import { existsSync } from 'node:fs'

import type { Config } from './config/types.ts'
import { projectPath } from './project-path.ts'

type Placed = Pick<Config, 'pathFlags'>

/** Never with `npx` in front before the package is published: it would fetch whatever has that name (docs/releasing.md). */
const INSTALLED = 'doorward'
const IN_A_CLONE = 'npm run -s doorward --'

/** How the program is called here. A package holds no sources. */
export const INVOKED_AS = existsSync(projectPath('src')) ? IN_A_CLONE : INSTALLED

/**
 * A command for whoever started the program, acting on the same database: with the flags that say where it is. What may
 * hold a password is not repeated; the variable that it belongs into stands in its place.
 */
export function commandFor({ pathFlags }: Placed, words: string): string {
  const variables = pathFlags.flatMap(({ value, variable }) => (value === null ? [`${variable}=…`] : []))
  const flags = pathFlags.flatMap(({ flag, value }) => (value === null ? [] : [`${flag} ${quotedForShell(value)}`]))
  return [...variables, INVOKED_AS, words, ...flags].join(' ')
}

/** The same for a public page: names the flags without revealing file paths. */
export function commandOnPage({ pathFlags }: Placed, words: string): string {
  return [INVOKED_AS, words, ...pathFlags.map(({ flag }) => `${flag} …`)].join(' ')
}

/** One word of a shell, whatever is in it. */
export function quotedForShell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
