import type { Texts } from '#foundation/texts/texts.ts'
import { textField } from '#foundation/web/components/field.ts'
import type { Html } from '#foundation/web/html.ts'
import { errorOf, type FormState } from '#foundation/web/pages/form.ts'

/** The field with the names of the groups that a new user joins; `groupNamesIn` reads it. */
export function groupsField(say: Texts, state: FormState): Html {
  const { label, hint } = say.groups.ofNewUser
  return textField({
    id: 'groups',
    label,
    hint,
    value: state.values['groups'],
    error: errorOf(say, state, 'groups'),
    autocomplete: 'off',
  })
}
