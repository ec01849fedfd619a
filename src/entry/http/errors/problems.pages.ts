import { Refusal, REFUSALS } from '../../../foundation/kernel/refusal.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { factList } from '../../../foundation/web/components/section.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { localeOf, sendPage } from '../../../foundation/web/pages/page.ts'
import { STATUS_OF } from '../../../foundation/web/http/problem.ts'
import { texts } from '../../../foundation/texts/texts.ts'
import type { Texts } from '../../../foundation/texts/texts.ts'
import { INTERNAL } from './errors.ts'

interface Explained {
  readonly title: string
  /** The sentence that pages show. */
  readonly sentence: string
  /** Title and detail of the problem document, in English. */
  readonly detail: string
  readonly status: number
}

/** The pages to which the `type` of each problem document leads. */
export function problemPages(app: App): void {
  const config = { access: 'anyone', page: true, undocumented: true } as const
  app.get<{ Params: { code: string } }>('/problems/:code', { config }, (request, reply) => {
    const say = texts(localeOf(reply))
    const { code } = request.params
    const explained = explain(say, code)
    if (!explained) throw new Refusal('request.not_found')
    return sendPage(reply, {
      title: code,
      body: html`<p class="lead">${say.error.meaningLead}</p>
        ${facts(say, explained)}
        <p><a href="/">${say.error.home}</a></p>`,
    })
  })
}

function facts({ error }: Texts, { title, sentence, status, detail }: Explained): Html {
  return factList([
    [error.told, html`<strong>${title}</strong><br />${sentence}`],
    [error.httpStatus, String(status)],
    [error.forPrograms, html`<span lang="en">${detail}</span>`],
  ])
}

function explain({ error, refusals }: Texts, code: string): Explained | undefined {
  if (code === INTERNAL.code) {
    const detail = `${INTERNAL.title}: ${INTERNAL.detail}`
    return { title: error.titles.internal, sentence: error.internal, detail, status: 500 }
  }
  if (!isRefusalCode(code)) return undefined
  const { title, detail, kind } = REFUSALS[code]
  return {
    title: error.titles[kind],
    sentence: refusals[code]({}),
    detail: `${title}: ${detail}`,
    status: STATUS_OF[kind],
  }
}

function isRefusalCode(code: string): code is keyof typeof REFUSALS {
  return Object.hasOwn(REFUSALS, code)
}
