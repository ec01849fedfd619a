import type { Texts } from '../../foundation/texts/texts.ts'

/** For forms that ask for the username and the password somebody has, where others ask for one to be chosen. */
export function askingForOwn(say: Texts): Texts {
  return { ...say, missing: { ...say.missing, ...say.signIn.missing } }
}
