import type { LightMyRequestResponse } from 'fastify'

import { pausedRequest } from '../requests/held-request.ts'
import type { Server } from '../server/start.ts'

/** Hidden fields that protect a form (CSRF, double submit) and are independent of its content. */
const HIDDEN = ['form_token', 'press'] as const

/** A browser without scripts: stores cookies, sends the `Origin` of forms, and sends the hidden fields of the last page. */
export class Visitor {
  readonly #server: Server
  readonly cookies = new Map<string, string>()
  readonly #language: string | undefined
  readonly #agent: string | undefined
  readonly #hidden = new Map<string, string>()

  constructor(server: Server, { language, agent }: { readonly language?: string; readonly agent?: string } = {}) {
    this.#server = server
    this.#language = language
    this.#agent = agent
  }

  async open(
    url: string,
    method: 'GET' | 'HEAD' = 'GET',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<LightMyRequestResponse> {
    return this.#kept(await this.#server.app.inject({ method, url, headers: { ...this.#headers(), ...headers } }))
  }

  async submit(
    url: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<LightMyRequestResponse> {
    return this.#kept(await this.#post(url, fields, headers))
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
    return this.#server.app.inject({ method: 'POST', url, headers: { ...headers, ...more }, payload })
  }

  #form(fields: Readonly<Record<string, string>>): { headers: Record<string, string>; payload: string } {
    const origin = this.#server.doorward.config.publicUrl
    const payload = new URLSearchParams({ ...Object.fromEntries(this.#hidden), ...fields }).toString()
    return { headers: { ...this.#headers(), origin, 'content-type': 'application/x-www-form-urlencoded' }, payload }
  }

  #headers(): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return {
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
