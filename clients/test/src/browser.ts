// A browser without scripts: cookies, redirects, and the forms with which a user signs in.
import type { TestUser } from './user.ts'

/** Where a browser has arrived. */
export interface Visit {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

interface Cookie {
  readonly name: string
  readonly value: string
  readonly host: string
  readonly path: string
}

interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: URLSearchParams
}

/** Guards against circles. */
const MOST_PAGES = 30

export class Browser {
  /** The URL of the server, at whose pages the user is signed in. */
  readonly #server: string
  readonly #user: TestUser | undefined
  #cookies: Cookie[] = []

  constructor(server: string, user: TestUser | undefined) {
    this.#server = server
    this.#user = user
  }

  /** What the browser sends with a request of that URL. */
  cookiesFor(url: string): string {
    const { hostname, pathname } = new URL(url)
    const sent = this.#cookies.filter(({ host, path }) => host === hostname && isBelow(pathname, path))
    return sent.map(({ name, value }) => `${name}=${value}`).join('; ')
  }

  /** Sends one request and keeps the cookies of its answer. */
  async send(url: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Visit> {
    const cookie = this.cookiesFor(url)
    const answer = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { accept: 'text/html,*/*;q=0.8', ...(cookie !== '' && { cookie }), ...headers },
      ...(body !== undefined && { body }),
    })
    for (const line of answer.headers.getSetCookie()) this.#keep(new URL(url), line)
    return { url, status: answer.status, headers: answer.headers, body: await answer.text() }
  }

  /**
   * Opens a URL and follows redirects. Where the server asks its user to sign in, the user does, and agrees to what an app asks for; the
   * browser is then where that leads. `until` stops it before it opens a URL, which is returned without an answer.
   */
  async open(url: string | URL, until: (url: URL) => boolean = () => false): Promise<Visit> {
    let next: URL | undefined = new URL(url)
    let form: URLSearchParams | undefined
    for (let page = 0; page < MOST_PAGES; page++) {
      if (until(next)) return { url: next.href, status: 0, headers: new Headers(), body: '' }
      const visit: Visit = await this.send(next.href, form === undefined ? {} : this.#submitting(form))
      form = undefined
      const onward: URL | undefined = targetOf(visit)
      if (onward === undefined) {
        const filled = await this.#filled(visit)
        if (filled === undefined) return visit
        ;[next, form] = [filled.action, filled.fields]
      } else {
        const refused = onward.searchParams.has('refused') && onward.origin === this.#server
        if (refused) throw this.#stuck(await this.send(onward.href))
        next = onward
      }
    }
    throw new Error(`The browser is led in a circle, at last to ${next?.href}`)
  }

  #submitting(body: URLSearchParams): Sent {
    return { method: 'POST', headers: { origin: this.#server }, body }
  }

  /** The form of the page, as the user fills it; undefined where the page is none that asks the user to sign in or to agree. */
  async #filled({ url, body }: Visit): Promise<{ action: URL; fields: URLSearchParams } | undefined> {
    const at = new URL(url)
    const user = this.#user
    if (at.origin !== this.#server) return undefined
    const hidden = hiddenFields(body)
    const filled = (path: URL, fields: Readonly<Record<string, string>>) => ({
      action: path,
      fields: new URLSearchParams({ ...hidden, ...fields }),
    })
    const asksForUser =
      at.pathname === '/sign-in' || at.pathname === '/sign-in/second-step' || at.pathname === '/confirm'
    if (asksForUser && user === undefined)
      throw new Error(`${url} asks for a user. Give one: door.browser(await door.user()).`)
    if (user === undefined) return undefined
    switch (at.pathname) {
      case '/sign-in':
        return filled(at, { username: user.username, password: user.password })
      case '/sign-in/second-step':
      case '/confirm': {
        const passkey = passkeyForm(body)
        const step = await user.secondStep(passkey?.options)
        return filled(new URL(passkey?.action ?? url, at), { password: user.password, ...step })
      }
    }
    const consent = /action="(\/oidc\/interaction\/[^"]+\/consent)"/.exec(body)?.[1]
    if (consent !== undefined) return filled(new URL(consent, at), {})
    if (at.pathname.startsWith('/oidc/')) throw this.#stuck({ url, body })
    return undefined
  }

  #stuck({ url, body }: Pick<Visit, 'url' | 'body'>): Error {
    return new Error(`${this.#user?.username ?? 'The browser'} cannot go on at ${url}: ${textOf(body)}`)
  }

  #keep({ hostname, pathname }: URL, line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
    const equals = pair.indexOf('=')
    const named = new Map(
      attributes.map((one): [string, string] => {
        const [key = '', value = ''] = one.split('=')
        return [key.toLowerCase(), value]
      }),
    )
    const path = named.get('path') ?? (pathname.slice(0, pathname.lastIndexOf('/')) || '/')
    const cookie = { name: pair.slice(0, equals), value: pair.slice(equals + 1), host: hostname, path }
    const isGone = named.get('max-age') === '0' || Date.parse(named.get('expires') ?? '') <= 0
    const others = this.#cookies.filter(
      ({ name, host, path: its }) => name !== cookie.name || host !== hostname || its !== path,
    )
    this.#cookies = isGone ? others : [...others, cookie]
  }
}

function isBelow(pathname: string, path: string): boolean {
  return path === '/' || pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`)
}

/** Where a redirect leads, or a page that goes on by itself. */
function targetOf({ url, status, headers, body }: Visit): URL | undefined {
  const location = status >= 300 && status < 400 ? headers.get('location') : null
  const refresh = /<meta http-equiv="refresh" content="0; ?url=([^"]+)"/.exec(body)?.[1]
  const target = location ?? (refresh === undefined ? undefined : unescaped(refresh))
  return target === undefined ? undefined : new URL(target, url)
}

function hiddenFields(body: string): Record<string, string> {
  const fields = body.matchAll(/<input type="hidden" name="([^"]+)"\s+value="([^"]*)"/g)
  return Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, unescaped(value)]))
}

/** The form for a passkey on a page; undefined where it asks for something else. */
function passkeyForm(body: string): { action: string; options: unknown } | undefined {
  const [, action = '', options = ''] =
    /<form\s+method="post"\s+action="([^"]+)"\s+data-passkey="get"\s+data-options="([^"]+)"/.exec(body) ?? []
  return action === '' ? undefined : { action: unescaped(action), options: JSON.parse(unescaped(options)) }
}

function unescaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { quot: '"', '#39': "'", '#x27': "'", lt: '<', gt: '>', amp: '&' }
  return text.replaceAll(/&(quot|#39|#x27|lt|gt|amp);/g, (whole, name: string) => entities[name] ?? whole)
}

/** What a page says, for the message of an error. */
function textOf(body: string): string {
  const main = /<main[\s\S]*<\/main>/.exec(body)?.[0] ?? body
  return unescaped(main.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' '))
    .trim()
    .slice(0, 500)
}
