// Passwords that no user may choose: the list of a package and a few that it lacks, and those of a range service.
import { type IsBreached, newBreachCheck, type RangeService } from './breached-passwords.ts'

export interface KnownPasswords {
  /** Common passwords, in lower case. */
  common(): Promise<ReadonlySet<string>>
  readonly isBreached: IsBreached
}

/** Common passwords that the package does not list, in lower case. */
const FURTHER = ['admin1234', 'adminadmin', 'geheim123', 'hallohallo', 'p@ssword', 'superuser']
/** Shorter passwords are refused by every policy, so the set does not contain them. */
const SHORTEST = 8

let loading: Promise<ReadonlySet<string>> | undefined

/** The list of common passwords and the check by the range service. */
export function newKnownPasswords(service: RangeService): KnownPasswords {
  return { common: commonPasswords, isBreached: newBreachCheck(service) }
}

/** All common passwords, in lower case. They are loaded at the first call, because most commands set no password. */
export function commonPasswords(): Promise<ReadonlySet<string>> {
  loading ??= read()
  return loading
}

async function read(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  const listed = dictionary['passwords-common'].filter(({ length }) => length >= SHORTEST)
  return new Set([...listed, ...FURTHER])
}
