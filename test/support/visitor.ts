import type { LightMyRequestResponse } from 'fastify'

import type { Server } from './start.ts'

/** A browser without scripts: keeps cookies, says where a form was, and sends along the hidden field of the last page. */
export class Visitor {
  readonly #server: Server
  readonly cookies = new Map<string, string>()
  readonly #language: string | undefined
  readonly #agent: string | undefined
  #formToken: string | undefined

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

  /** Presses the button twice: both requests leave before either is answered, and the browser shows the second answer. */
  async submitTwice(url: string, fields: Readonly<Record<string, string>>): Promise<LightMyRequestResponse[]> {
    const answers = await Promise.all([this.#post(url, fields), this.#post(url, fields)])
    return answers.map((answer) => this.#kept(answer))
  }

  #post(
    url: string,
    fields: Readonly<Record<string, string>>,
    more: Readonly<Record<string, string>> = {},
  ): Promise<LightMyRequestResponse> {
    const origin = this.#server.doorward.config.publicUrl
    const headers = { ...this.#headers(), origin, 'content-type': 'application/x-www-form-urlencoded', ...more }
    const hidden = this.#formToken === undefined ? {} : { form_token: this.#formToken }
    const payload = new URLSearchParams({ ...hidden, ...fields }).toString()
    return this.#server.app.inject({ method: 'POST', url, headers, payload })
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
    this.#formToken = /name="form_token"\s+value="([^"]+)"/.exec(answer.body)?.[1] ?? this.#formToken
    return answer
  }
}
