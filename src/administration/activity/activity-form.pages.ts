import { secondaryButton } from '../../web/components/button.ts'
import { selectField } from '../../web/components/choice.ts'
import { textField } from '../../web/components/field.ts'
import { errorOf } from '../../web/form.ts'
import type { FormState } from '../../web/form.ts'
import { html } from '../../web/html.ts'
import type { Html } from '../../web/html.ts'
import { ACTIVITY_PATH } from './activity-filter.ts'
import { EVENT_ACTIONS } from './activity.schema.ts'
import type { ActivityReader } from './activity-events.pages.ts'

export const FILTER_FIELDS = ['about', 'action', 'result', 'address', 'from', 'to'] as const

/** Where a summary of errors leads to. */
export const FILTER_IDS: Readonly<Record<string, string>> = Object.fromEntries(
  FILTER_FIELDS.map((name) => [name, name]),
)

/** With GET: what was asked for has an address. Closed where nothing is asked for, so that the events come first. */
export function filterForm({ say, timeZone }: ActivityReader, state: FormState): Html {
  const { filter } = say.activity
  const { values } = state
  const isOpen = Object.keys(values).length > 0 || state.refusal !== undefined
  const day = filter.dayHint(timeZone ?? 'UTC')
  const dayField = (name: 'from' | 'to'): Html =>
    textField({
      id: name,
      label: filter[name],
      type: 'date',
      hint: day,
      autocomplete: 'off',
      value: values[name],
      error: errorOf(say, state, name),
    })
  return html`<details ${isOpen && html`open`}>
    <summary>${filter.title}</summary>
    <form method="get" action="${ACTIVITY_PATH}" role="search">
      ${textField({
        id: 'about',
        label: filter.person,
        hint: filter.personHint,
        autocomplete: 'off',
        value: values['about'],
        error: errorOf(say, state, 'about'),
      })}
      ${actionField({ say }, state)} ${resultField({ say }, state)}
      ${textField({
        id: 'address',
        label: filter.address,
        hint: filter.addressHint,
        autocomplete: 'off',
        value: values['address'],
        error: errorOf(say, state, 'address'),
      })}
      ${dayField('from')} ${dayField('to')} ${secondaryButton(filter.submit)}
    </form>
  </details>`
}

function actionField({ say }: Pick<ActivityReader, 'say'>, state: FormState): Html {
  const { filter } = say.activity
  const kinds = EVENT_ACTIONS.map((action) => ({
    value: action,
    label: say.events.sentences[action]({ refused: false, details: {} }),
  }))
  return selectField({
    id: 'action',
    label: filter.action,
    options: [
      { value: '', label: filter.anyAction },
      ...kinds.toSorted((a, b) => a.label.localeCompare(b.label, say.language)),
    ],
    value: state.values['action'] ?? '',
    error: errorOf(say, state, 'action'),
  })
}

function resultField({ say }: Pick<ActivityReader, 'say'>, state: FormState): Html {
  const { filter } = say.activity
  const { any, done, refused } = filter.results
  return selectField({
    id: 'result',
    label: filter.result,
    options: [
      { value: '', label: any },
      { value: 'done', label: done },
      { value: 'refused', label: refused },
    ],
    value: state.values['result'] ?? '',
    error: errorOf(say, state, 'result'),
  })
}
