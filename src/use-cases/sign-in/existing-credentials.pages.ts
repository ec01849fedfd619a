import type { Texts } from '../../foundation/texts/texts.ts'

/** Texts for forms that ask for an existing username and password; the default texts ask the user to choose them. */
export function existingCredentialTexts(say: Texts): Texts {
  return { ...say, missing: { ...say.missing, ...say.signIn.missing } }
}
