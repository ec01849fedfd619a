// Writes commands of this program as they are typed in a shell, so that a suggested command can be pasted unchanged.
import { existsSync } from 'node:fs'

import type { Config } from './config/types.ts'
import { projectPath } from './project.ts'

type Located = Pick<Config, 'pathFlags'>

/** Without `npx` until the package is published: `npx` would run any other package of that name (docs/releasing.md). */
const INSTALLED = 'doorward'
const IN_A_CLONE = 'npm run -s doorward --'

/** How this copy of the program is started. An installed package has no folder `src`, a clone has one. */
export const INVOKED_AS = existsSync(projectPath('src')) ? IN_A_CLONE : INSTALLED

/**
 * A command for the person who started the program. It acts on the same database, because it repeats the flags that locate it. A
 * value that may hold a password is not repeated: its environment variable stands in the command instead.
 */
export function commandFor({ pathFlags }: Located, words: string): string {
  const variables = pathFlags.flatMap(({ value, variable }) => (value === null ? [`${variable}=…`] : []))
  const flags = pathFlags.flatMap(({ flag, value }) => (value === null ? [] : [`${flag} ${quotedForShell(value)}`]))
  return [...variables, INVOKED_AS, words, ...flags].join(' ')
}

/** The same for a public page: names the flags without revealing file paths. */
export function commandOnPage({ pathFlags }: Located, words: string): string {
  return [INVOKED_AS, words, ...pathFlags.map(({ flag }) => `${flag} …`)].join(' ')
}

/** The text as one word of a POSIX shell, in single quotes where it needs them. */
export function quotedForShell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
