import type { ConfigInput, PathFlag } from './config.ts'
import { hostUrls } from '../database/postgres-url.ts'
import { flagOf, variableOf } from './setting.ts'

/** What says where the database is, what opens it, and where people find the server. */
const PLACES = ['config', 'data_dir', 'database_url', 'database_url_file', 'keyring_file', 'host', 'port', 'public_url']

/** Those that were given as flags; what comes from a variable or a file is there at the next command too. */
export function pathFlagsIn(flags: NonNullable<ConfigInput['flags']>): PathFlag[] {
  const given = new Map(Object.entries(flags).map(([name, value]) => [settingName(name), value]))
  return PLACES.flatMap((name) => {
    const text = given.get(name)
    if (text === undefined) return []
    const value = mayHoldPassword(name, String(text)) ? null : String(text)
    return [{ flag: flagOf(name), value, variable: variableOf(name) }]
  })
}

/** A flag's name in any spelling, as the file spells it. */
export function settingName(flag: string): string {
  return flag.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll('-', '_')
}

/** PostgreSQL takes a password in the query as well. */
function mayHoldPassword(name: string, text: string): boolean {
  if (name !== 'database_url' || /^sqlite:/i.test(text.trim())) return false
  const [first = ''] = hostUrls(text.trim()) ?? []
  const url = URL.parse(first)
  return url === null || url.password !== '' || url.search !== ''
}
