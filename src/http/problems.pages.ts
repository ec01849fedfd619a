import { Refusal } from '../kernel/refusal.ts'
import { REFUSALS } from '../kernel/refusals.ts'
import type { App } from '../web/app.ts'
import { html } from '../web/html.ts'
import { sendPage } from '../web/page.ts'
import { STATUS_OF } from '../web/problem.ts'
import { INTERNAL } from './internal-problem.ts'

interface Explained {
  readonly title: string
  readonly detail: string
  readonly status: number
}

/** The pages that the `type` of every problem document leads to. */
export function problemPages(app: App): void {
  const config = { access: 'anyone', page: true, undocumented: true } as const
  app.get<{ Params: { code: string } }>('/problems/:code', { config }, (request, reply) => {
    const { code } = request.params
    const explained = explain(code)
    if (!explained) throw new Refusal('request.not_found')
    return sendPage(reply, {
      title: explained.title,
      body: html`<p class="lead">${explained.detail}</p>
        <dl class="facts">
          <dt>Code</dt>
          <dd><code>${code}</code></dd>
          <dt>HTTP status</dt>
          <dd>${explained.status}</dd>
        </dl>`,
    })
  })
}

function explain(code: string): Explained | undefined {
  if (code === INTERNAL.code) return { ...INTERNAL, status: 500 }
  if (!Object.hasOwn(REFUSALS, code)) return undefined
  const { title, detail, kind } = REFUSALS[code as keyof typeof REFUSALS]
  return { title, detail, status: STATUS_OF[kind] }
}
