import { GIVEN_NAME_MAXIMUM } from '../../kernel/given-name.ts'
import { Type } from './type.ts'

/** The pattern of a text that must not be blank. */
export const NOT_BLANK = '\\S'

/** The schema of a name that a user gives to a thing: one line, not blank. */
export function givenName(description: string) {
  return Type.String({
    minLength: 1,
    maxLength: GIVEN_NAME_MAXIMUM,
    pattern: NOT_BLANK,
    format: 'given-name',
    description,
  })
}
