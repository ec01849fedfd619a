// The filter above a list of audit events, of the whole server or of one's own.
import type { EventAction, EventResult } from '#domain/audit/event.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { secondaryButton } from '#foundation/web/components/button.ts'
import { selectField } from '#foundation/web/components/choice.ts'
import { errorSummary } from '#foundation/web/components/error-summary.ts'
import { textField } from '#foundation/web/components/field.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { errorOf, type FormState, formSummary, typedField } from '#foundation/web/pages/form.ts'

export const FILTER_FIELDS = ['about', 'action', 'result', 'address', 'from', 'to'] as const
type FilterField = (typeof FILTER_FIELDS)[number]

/** The fields that have a value. */
export interface EventListQuery extends Readonly<Partial<Record<FilterField, string>>> {
  readonly action?: EventAction
  readonly result?: EventResult
}

interface EventFilterForm {
  readonly path: string
  /** The fields that the list can be filtered by. */
  readonly fields: readonly FilterField[]
  /** The events that the reader can choose from. */
  readonly actions: readonly EventAction[]
  readonly state: FormState
}

interface FilterReader {
  readonly say: Texts
  /** The IANA name of the zone in which the days begin; null means UTC. */
  readonly timeZone?: string | null | undefined
}

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

export function filterInWords(say: Texts, listQuery: EventListQuery): Html {
  const said = partsOf(say, listQuery).map(([, words]) => words)
  return html`${say.activity.filter.narrowed} ${said.map((one, at) => html`${at > 0 && ' · '}${one}`)}`
}

/** Each part of the filter as a link that removes it, and one that removes them all. */
export function filterChips(say: Texts, listQuery: EventListQuery, href: (listQuery: EventListQuery) => string): Html {
  const { filter, showAll } = say.activity
  const chips = partsOf(say, listQuery).map(
    ([field, words]) =>
      html`<li>
        <a href="${href({ ...listQuery, [field]: undefined })}"
          >${words}<span aria-hidden="true">×</span><span class="unseen">${filter.remove}</span></a
        >
      </li>`,
  )
  return html`<nav class="filters" aria-label="${filter.narrowed}">
      <ul>
        ${chips}
      </ul>
    </nav>
    <a class="small" href="${href({})}">${showAll}</a>`
}

function partsOf(say: Texts, listQuery: EventListQuery): (readonly [FilterField, Html])[] {
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
export function filterForm(reader: FilterReader, { path, fields, actions, state }: EventFilterForm): Html {
  const { filter } = reader.say.activity
  const isOpen = state.refusal !== undefined
  const shown = fieldsOf(reader, state, actions)
  return html`<details ${isOpen && html`open`}>
    <summary>${filter.title}</summary>
    <form method="get" action="${path}" role="search">
      ${fields.map((field) => shown[field]())} ${secondaryButton(filter.submit)}
    </form>
  </details>`
}

function fieldsOf(
  { say, timeZone }: FilterReader,
  state: FormState,
  actions: readonly EventAction[],
): Readonly<Record<FilterField, () => Html>> {
  const { filter } = say.activity
  const labels = labelsOf(say)
  const day = filter.dayHint(timeZone ?? 'UTC')
  const field = (id: FilterField, hint: string) => ({
    id,
    label: labels[id],
    hint,
    autocomplete: 'off',
    value: state.values[id],
    error: filterError(say, state, id),
  })
  return {
    about: () => textField(field('about', filter.personHint)),
    action: () => actionField(say, state, actions),
    result: () => resultField(say, state),
    address: () => textField(field('address', filter.ipAddressHint)),
    from: () => textField({ ...field('from', day), type: 'date' }),
    to: () => textField({ ...field('to', day), type: 'date' }),
  }
}

function actionField(say: Texts, state: FormState, actions: readonly EventAction[]): Html {
  const { filter } = say.activity
  const kinds = actions.map((action) => ({ value: action, label: actionLabel(say, action) }))
  return selectField({
    ...typedField(say, state, 'action', ''),
    label: filter.action,
    options: [
      { value: '', label: filter.anyAction },
      ...kinds.toSorted((a, b) => a.label.localeCompare(b.label, say.language)),
    ],
  })
}

function actionLabel(say: Texts, action: EventAction): string {
  return say.events.sentences[action]({ refused: false, details: {} })
}

function resultField(say: Texts, state: FormState): Html {
  const { result, results } = say.activity.filter
  return selectField({
    ...typedField(say, state, 'result', ''),
    label: result,
    options: [
      { value: '', label: results.any },
      { value: 'done', label: results.done },
      { value: 'refused', label: results.refused },
    ],
  })
}
