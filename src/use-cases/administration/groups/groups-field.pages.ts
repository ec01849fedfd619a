import type { Texts } from '#foundation/texts/texts.ts'
import { textField } from '#foundation/web/components/field.ts'
import type { Html } from '#foundation/web/html.ts'
import { type FormState, typedField } from '#foundation/web/pages/form.ts'

/** The field with the names of the groups that a new user joins; `groupNamesIn` reads it. */
export function groupsField(say: Texts, state: FormState): Html {
  const { label, hint } = say.groups.ofNewUser
  return textField({
    ...typedField(say, state, 'groups'),
    label,
    hint,
    autocomplete: 'off',
  })
}
