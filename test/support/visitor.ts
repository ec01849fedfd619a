import type { LightMyRequestResponse } from 'fastify'

import type { Server } from './start.ts'

/** A browser without scripts: keeps cookies, says where a form was, and sends along the hidden field of the last page. */
export class Visitor {
  readonly #server: Server
  readonly cookies = new Map<string, string>()
  readonly #language: string | undefined
  #formToken: string | undefined

  constructor(server: Server, { language }: { readonly language?: string } = {}) {
    this.#server = server
    this.#language = language
  }

  async open(url: string, method: 'GET' | 'HEAD' = 'GET'): Promise<LightMyRequestResponse> {
    return this.#kept(await this.#server.app.inject({ method, url, headers: this.#headers() }))
  }

  async submit(url: string, fields: Readonly<Record<string, string>>): Promise<LightMyRequestResponse> {
    const { publicUrl } = this.#server.doorward.config
    const headers = { ...this.#headers(), origin: publicUrl, 'content-type': 'application/x-www-form-urlencoded' }
    const hidden = this.#formToken === undefined ? {} : { form_token: this.#formToken }
    const payload = new URLSearchParams({ ...hidden, ...fields }).toString()
    return this.#kept(await this.#server.app.inject({ method: 'POST', url, headers, payload }))
  }

  #headers(): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return { cookie, ...(this.#language !== undefined && { 'accept-language': this.#language }) }
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
