import type { EventAction } from '#domain/audit/event.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { secondaryButton } from '#foundation/web/components/button.ts'
import { selectField } from '#foundation/web/components/choice.ts'
import { errorSummary } from '#foundation/web/components/error-summary.ts'
import { textField } from '#foundation/web/components/field.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { errorOf, type FormState, formSummary } from '#foundation/web/pages/form.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { ACTIVITY_PATH, type ActivityListQuery, activityHref } from './activity-filter.ts'
import { EVENT_ACTIONS } from './events.schema.ts'

export const FILTER_FIELDS = ['about', 'action', 'result', 'address', 'from', 'to'] as const
type FilterField = (typeof FILTER_FIELDS)[number]

/** The targets of the links of an error summary. */
const FILTER_IDS: Readonly<Record<string, string>> = Object.fromEntries(FILTER_FIELDS.map((name) => [name, name]))

/** The errors of the filter. Each names its field, since two fields are days. */
export function filterSummary(say: Texts, state: FormState): Html | undefined {
  const labels = labelsOf(say)
  const items = FILTER_FIELDS.flatMap((name) => {
    const error = filterError(say, state, name)
    return error === undefined ? [] : [{ message: `${labels[name]}: ${error}`, field: name }]
  })
  if (items.length === 0) return formSummary(say, state, FILTER_IDS)
  return errorSummary({ heading: say.words.problem, items, focused: true })
}

/** The filter in words. */
export function filterInWords(say: Texts, listQuery: ActivityListQuery): Html {
  const said = partsOf(say, listQuery).map(([, words]) => words)
  return html`${say.activity.filter.narrowed} ${said.map((one, at) => html`${at > 0 && ' · '}${one}`)}`
}

/** Each part of the filter as a link that removes it, and one that removes them all. */
export function filterChips(say: Texts, listQuery: ActivityListQuery): Html {
  const { filter, showAll } = say.activity
  const chips = partsOf(say, listQuery).map(
    ([field, words]) =>
      html`<li>
        <a href="${activityHref({ ...listQuery, [field]: undefined })}"
          >${words}<span aria-hidden="true">×</span><span class="unseen">${filter.remove}</span></a
        >
      </li>`,
  )
  return html`<nav class="filters" aria-label="${filter.narrowed}">
      <ul>
        ${chips}
      </ul>
    </nav>
    <a class="small" href="${ACTIVITY_PATH}">${showAll}</a>`
}

function partsOf(say: Texts, listQuery: ActivityListQuery): (readonly [FilterField, Html])[] {
  const { filter } = say.activity
  const { about, action, result, address: source, from, to } = listQuery
  const said: Readonly<Record<FilterField, Html | undefined>> = {
    about: about === undefined ? undefined : name(about),
    action: action && html`${actionLabel(say, action)}`,
    result: result && html`${filter.results[result]}`,
    address: source === undefined ? undefined : html`${source}`,
    from: from === undefined ? undefined : html`${filter.since(from)}`,
    to: to === undefined ? undefined : html`${filter.until(to)}`,
  }
  return FILTER_FIELDS.flatMap((field) => {
    const words = said[field]
    return words === undefined ? [] : [[field, words] as const]
  })
}

function labelsOf({ activity: { filter } }: Texts): Readonly<Record<FilterField, string>> {
  const { person, action, result, ipAddress: address, from, to } = filter
  return { about: person, action, result, address, from, to }
}

/** A browser shows a date field in the format of its own language, so the error gives no example. */
function filterError(say: Texts, state: FormState, field: FilterField): string | undefined {
  const error = errorOf(say, state, field)
  return error !== undefined && (field === 'from' || field === 'to') ? say.activity.filter.dayFault : error
}

/** The filter form. It uses GET, so that a filtered list has a URL, and is folded without errors, so that the events come first. */
export function filterForm({ say, timeZone }: AdminReader, state: FormState): Html {
  const { filter } = say.activity
  const isOpen = state.refusal !== undefined
  const day = filter.dayHint(timeZone ?? 'UTC')
  const field = (id: FilterField, label: string, hint: string) => ({
    id,
    label,
    hint,
    autocomplete: 'off',
    value: state.values[id],
    error: filterError(say, state, id),
  })
  return html`<details ${isOpen && html`open`}>
    <summary>${filter.title}</summary>
    <form method="get" action="${ACTIVITY_PATH}" role="search">
      ${textField(field('about', filter.person, filter.personHint))} ${actionField(say, state)}
      ${resultField(say, state)} ${textField(field('address', filter.ipAddress, filter.ipAddressHint))}
      ${textField({ ...field('from', filter.from, day), type: 'date' })}
      ${textField({ ...field('to', filter.to, day), type: 'date' })} ${secondaryButton(filter.submit)}
    </form>
  </details>`
}

function actionField(say: Texts, state: FormState): Html {
  const { filter } = say.activity
  const kinds = EVENT_ACTIONS.map((action) => ({ value: action, label: actionLabel(say, action) }))
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

function actionLabel(say: Texts, action: EventAction): string {
  return say.events.sentences[action]({ refused: false, details: {} })
}

function resultField(say: Texts, state: FormState): Html {
  const { result, results } = say.activity.filter
  return selectField({
    id: 'result',
    label: result,
    options: [
      { value: '', label: results.any },
      { value: 'done', label: results.done },
      { value: 'refused', label: results.refused },
    ],
    value: state.values['result'] ?? '',
    error: errorOf(say, state, 'result'),
  })
}
