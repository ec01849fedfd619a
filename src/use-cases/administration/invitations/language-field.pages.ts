import type { Texts } from '#foundation/texts/texts.ts'
import { selectField } from '#foundation/web/components/choice.ts'
import { languageOptions } from '#foundation/web/components/language-options.ts'
import type { Html } from '#foundation/web/html.ts'
import { type FormState, typedField } from '#foundation/web/pages/form.ts'

/** The choice of the language of new users, of their mails too; at first that of the page, which is that of the admin. */
export function languageField(say: Texts, state: FormState, ofPage: string, label = say.joining.language.label): Html {
  return selectField({
    ...typedField(say, state, 'locale', ofPage),
    label,
    hint: say.joining.language.hint,
    options: languageOptions(say, null),
  })
}
