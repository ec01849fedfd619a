import { GIVEN_NAME_MAXIMUM } from '../../kernel/given-name.ts'
import { Type } from './type.ts'

/** What a schema asks of a text that must not be blank. */
export const NOT_BLANK = '\\S'

/** What somebody calls a thing of theirs, on one line and not blank. */
export function givenName(description: string) {
  return Type.String({
    minLength: 1,
    maxLength: GIVEN_NAME_MAXIMUM,
    pattern: NOT_BLANK,
    format: 'given-name',
    description,
  })
}
