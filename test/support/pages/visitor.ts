import type { LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'

import { pausedRequest } from '../requests/held-request.ts'
import type { Server } from '../server/start.ts'
import { type ParsedPage, parsePage } from './parsed-page.ts'

/** Hidden fields that protect a form (CSRF, double submit, a change since the page was shown), not what it says. */
const HIDDEN = ['form_token', 'press', 'revision'] as const

export interface VisitorOptions {
  /** What the browser sends as `Accept-Language`. */
  readonly language?: string | undefined
  readonly agent?: string | undefined
  /** The IP address that the server sees. */
  readonly ipAddress?: string | undefined
}

/** A browser without scripts: stores cookies, sends the `Origin` of forms, and sends the hidden fields of the last page. */
export class Visitor {
  readonly #server: Server
  readonly cookies = new Map<string, string>()
  readonly #language: string | undefined
  readonly #agent: string | undefined
  readonly #from: { readonly remoteAddress?: string }
  readonly #hidden = new Map<string, string>()

  constructor(server: Server, { language, agent, ipAddress }: VisitorOptions = {}) {
    this.#server = server
    this.#language = language
    this.#agent = agent
    this.#from = ipAddress === undefined ? {} : { remoteAddress: ipAddress }
  }

  async open(
    url: string,
    method: 'GET' | 'HEAD' = 'GET',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<LightMyRequestResponse> {
    return this.#kept(
      await this.#server.app.inject({ ...this.#from, method, url, headers: { ...this.#headers(), ...headers } }),
    )
  }

  /** Opens a page; throws where the answer has another status. */
  async page(url: string, status = 200): Promise<ParsedPage> {
    return pageIn(await this.open(url), status)
  }

  /** Submits a form that a page answers; throws where the answer has another status. */
  async pageAfter(url: string, fields: Readonly<Record<string, string>>, status = 200): Promise<ParsedPage> {
    return pageIn(await this.submit(url, fields), status)
  }

  /** Submits a form, and opens the page to which it leads. */
  async pageBehind(url: string, fields: Readonly<Record<string, string>>): Promise<ParsedPage> {
    const { statusCode, headers } = await this.submit(url, fields)
    assert.equal(statusCode, 303)
    return this.page(String(headers.location))
  }

  /** Submits a form. The redirect after a refused form is followed, so that the answer is the page that says why. */
  async submit(
    url: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<LightMyRequestResponse> {
    const answer = this.#kept(await this.#post(url, fields, headers))
    return isRefusedForm(answer) ? this.open(locationOf(answer, url)) : answer
  }

  /** Submits a form with a file, as `multipart/form-data`. */
  async upload(
    url: string,
    field: string,
    file: Buffer | undefined,
    fields: Readonly<Record<string, string>> = {},
  ): Promise<LightMyRequestResponse> {
    const form = new FormData()
    for (const [name, value] of Object.entries({ ...Object.fromEntries(this.#hidden), ...fields }))
      form.set(name, value)
    // Where none was chosen, a browser sends an empty one without a name.
    form.set(field, new File(file === undefined ? [] : [new Uint8Array(file)], file === undefined ? '' : 'icon.png'))
    const sent = new Response(form)
    const origin = this.#server.doorward.config.publicUrl
    const headers = { ...this.#headers(), origin, 'content-type': sent.headers.get('content-type') ?? '' }
    const payload = Buffer.from(await sent.arrayBuffer())
    return this.#kept(await this.#server.app.inject({ ...this.#from, method: 'POST', url, headers, payload }))
  }

  /** Presses the button twice: both requests are sent before either is answered, and the browser shows the second answer. */
  async submitTwice(url: string, fields: Readonly<Record<string, string>>): Promise<LightMyRequestResponse[]> {
    const answers = await Promise.all([this.#post(url, fields), this.#post(url, fields)])
    return answers.map((answer) => this.#kept(answer))
  }

  /** Sends the headers of a form; the function that is returned sends the body and returns the answer. */
  async hold(url: string, fields: Readonly<Record<string, string>>): Promise<() => Promise<LightMyRequestResponse>> {
    const { headers, payload } = this.#form(fields)
    const { finish } = await pausedRequest(this.#server, url, payload, headers)
    return async () => this.#kept((await finish()).raw)
  }

  #post(
    url: string,
    fields: Readonly<Record<string, string>>,
    more: Readonly<Record<string, string>> = {},
  ): Promise<LightMyRequestResponse> {
    const { headers, payload } = this.#form(fields)
    return this.#server.app.inject({ ...this.#from, method: 'POST', url, headers: { ...headers, ...more }, payload })
  }

  #form(fields: Readonly<Record<string, string>>): { headers: Record<string, string>; payload: string } {
    const origin = this.#server.doorward.config.publicUrl
    const payload = new URLSearchParams({ ...Object.fromEntries(this.#hidden), ...fields }).toString()
    return { headers: { ...this.#headers(), origin, 'content-type': 'application/x-www-form-urlencoded' }, payload }
  }

  #headers(): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return {
      accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
      host: new URL(this.#server.doorward.config.publicUrl).host,
      cookie,
      ...(this.#language !== undefined && { 'accept-language': this.#language }),
      ...(this.#agent !== undefined && { 'user-agent': this.#agent }),
    }
  }

  #kept(answer: LightMyRequestResponse): LightMyRequestResponse {
    for (const { name, value, maxAge } of answer.cookies) {
      if (maxAge === 0) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    for (const name of HIDDEN) {
      const value = new RegExp(`name="${name}"\\s+value="([^"]+)"`).exec(answer.body)?.[1]
      if (value !== undefined) this.#hidden.set(name, value)
    }
    return answer
  }
}

/** The path to which the answer to a request of `url` redirects. */
export function locationOf({ headers }: Pick<LightMyRequestResponse, 'headers'>, url: string): string {
  const { pathname, search } = new URL(String(headers.location), new URL(url, 'http://localhost'))
  return pathname + search
}

/** Whether the answer is a redirect to the page of a refused form, which says why. */
export function isRefusedForm({
  statusCode,
  headers,
}: Pick<LightMyRequestResponse, 'statusCode' | 'headers'>): boolean {
  return statusCode === 303 && /[?&]refused=/.test(String(headers.location))
}

function pageIn(answer: LightMyRequestResponse, status: number): ParsedPage {
  assert.equal(answer.statusCode, status, answer.body.slice(0, 2000))
  return parsePage(answer)
}
