import type { FastifyReply } from 'fastify'

import type { Refusal } from '#foundation/kernel/refusal.ts'
import { refusalSentence, type Texts, texts } from '#foundation/texts/texts.ts'
import { submitButton } from '#foundation/web/components/button.ts'
import { textField } from '#foundation/web/components/field.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { readForm } from '#foundation/web/pages/form.ts'
import { localeOf, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { ACTIVITY_PATH } from './activity-filter.ts'
import { REFUSED_EVENTS_PATH, refusedEventPath } from './refused-event.ts'

const SearchQuery = Type.Object({ reference: Type.Optional(Type.String({ maxLength: 200 })) })

const navigation: NavigationEntry = { area: 'palette', order: 80, label: (say) => say.activity.trace.lookUp }

/** A form that redirects from a reference to the page of its event. */
export function refusedEventSearchPages(app: App): void {
  const config = { access: 'audit:read', page: true, undocumented: true } as const
  app.get(REFUSED_EVENTS_PATH, { config: { ...config, navigation } }, (request, reply) => {
    const form = readForm(SearchQuery, request.query)
    const reference = 'fieldErrors' in form ? '' : (form.value.reference?.trim() ?? '')
    return reference === '' ? showRefusedEventSearch(reply) : seeOther(reply, refusedEventPath(reference))
  })
}

/** The page with the form, and an error if no event was found. */
export function showRefusedEventSearch(reply: FastifyReply, { value, refusal }: SearchForm = {}): FastifyReply {
  const say = texts(localeOf(reply))
  const { trace, title } = say.activity
  return sendPage(reply, {
    title: [trace.lookUp, title],
    up: { href: ACTIVITY_PATH, label: title },
    refusal,
    body: searchForm(say, { value, refusal }),
  })
}

interface SearchForm {
  readonly value?: string | undefined
  /** Why no event was found. */
  readonly refusal?: Refusal | undefined
}

/** With GET, so that the result has a URL. */
function searchForm(say: Texts, { value, refusal }: SearchForm): Html {
  const { trace } = say.activity
  return html`<form method="get" action="${REFUSED_EVENTS_PATH}">
    ${textField({
      id: 'reference',
      label: trace.reference,
      hint: trace.lookUpHint,
      autocomplete: 'off',
      value,
      error: refusal && refusalSentence(say, refusal),
      autofocus: refusal !== undefined,
      required: true,
    })}
    ${submitButton(trace.submit)}
  </form>`
}
