// Passwords that many people use, from a package and from what it lacks.

/** What people type here to get past a form and the package does not hold; folded to lower case. */
const FURTHER = ['admin1234', 'adminadmin', 'geheim123', 'hallohallo', 'p@ssword', 'superuser']
/** No policy lets a shorter one through, so none is kept. */
const SHORTEST = 8

let loading: Promise<ReadonlySet<string>> | undefined

/** All of them, in lower case. Read from the disk when first asked for: most programs that start set no password. */
export function commonPasswords(): Promise<ReadonlySet<string>> {
  loading ??= read()
  return loading
}

async function read(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  const listed = dictionary['passwords-common'].filter(({ length }) => length >= SHORTEST)
  return new Set([...listed, ...FURTHER])
}
