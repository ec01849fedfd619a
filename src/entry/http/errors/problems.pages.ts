import { Refusal, REFUSALS } from '#foundation/kernel/refusal.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { linkButton } from '#foundation/web/components/button.ts'
import { lineDrawing } from '#foundation/web/components/drawing.ts'
import { factList } from '#foundation/web/components/section.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { STATUS_OF } from '#foundation/web/http/problem.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'
import { INTERNAL } from './errors.ts'

/** The pages to which the `type` of each problem document leads. */
export function problemPages(app: App): void {
  const config = { access: 'anyone', page: true, undocumented: true } as const
  app.get<{ Params: { code: string } }>('/problems/:code', { config }, (request, reply) => {
    const say = texts(localeOf(reply))
    const { code } = request.params
    const explained = explain(say, code)
    if (!explained) throw new Refusal('request.not_found')
    const { title, sentence, status, detail } = explained
    const facts = factList([
      [say.error.code, html`<code>${code}</code>`],
      [say.error.httpStatus, String(status)],
      [say.error.forPrograms, html`<span lang="en">${detail}</span>`],
    ])
    return sendPage(reply, {
      title: [code, say.error.meaning],
      heading: say.error.meaning,
      above: lineDrawing('ajar'),
      body: html`<p><strong>${title}</strong></p>
        <p class="lead">${sentence}</p>
        ${facts}
        <p>${linkButton('/', say.error.home)}</p>`,
    })
  })
}

/** Title and sentence as pages show them, and the detail that programs get, in English; undefined for an unknown code. */
function explain({ error, refusals }: Texts, code: string) {
  if (code === INTERNAL.code) {
    const detail = `${INTERNAL.title}: ${INTERNAL.detail}`
    return { title: error.titles.internal, sentence: error.internal, detail, status: 500 }
  }
  if (!isRefusalCode(code)) return undefined
  const { title, detail, kind } = REFUSALS[code]
  const sentence = refusals[code]({})
  return { title: error.titles[kind], sentence, detail: `${title}: ${detail}`, status: STATUS_OF[kind] }
}

function isRefusalCode(code: string): code is keyof typeof REFUSALS {
  return Object.hasOwn(REFUSALS, code)
}
