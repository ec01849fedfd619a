// Common passwords: the list of a package and a few that it lacks.

/** Common passwords that the package does not list, in lower case. */
const FURTHER = ['admin1234', 'adminadmin', 'geheim123', 'hallohallo', 'p@ssword', 'superuser']
/** Shorter passwords are refused by every policy, so the set does not contain them. */
const SHORTEST = 8

let loading: Promise<ReadonlySet<string>> | undefined

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
