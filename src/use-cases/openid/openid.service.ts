// The provider of OpenID Connect: loaded with the first app, made again when the signing keys have changed, and asked for one exchange at a time.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Provider } from 'oidc-provider'

import { readableKeys } from '#domain/signing-keys/signing-key.service.ts'
import type { Context } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { adaptLibrary } from './adapted-library.service.ts'
import { asksForDocument } from './agent-documents.service.ts'
import { libraryConfiguration } from './configuration.service.ts'
import {
  asSent,
  type Exchange,
  type LibraryAnswer,
  libraryRequest,
  libraryResponse,
  type ReadRequest,
} from './exchange.service.ts'
import { type Library, loadProvider } from './library.service.ts'
import { OPENID_PATH } from './openid-path.ts'

interface Made {
  readonly version: string
  readonly provider: Provider
}

export class OpenId {
  readonly #exchanges = new AsyncLocalStorage<Exchange>()
  #library: Promise<Library> | undefined
  #made: Made | undefined

  /** Returns the provider with the current signing keys; undefined where no app was ever registered, so that there is no key. */
  async provider(ctx: Context): Promise<Provider | undefined> {
    const keys = await readableKeys(ctx, this.#made?.version)
    if (keys === undefined) return undefined
    if (this.#made?.version === keys.version) return this.#made.provider
    const library = await (this.#library ??= loadProvider())
    const provider = this.#newProvider(ctx, library, keys.jwks())
    this.#made = { version: keys.version, provider }
    return provider
  }

  /** Returns the provider. Throws `request.not_found` where no app was ever registered, so that there is no open route. */
  async requiredProvider(ctx: Context): Promise<Provider> {
    const provider = await this.provider(ctx)
    if (provider === undefined) throw new Refusal('request.not_found')
    return provider
  }

  /** Runs what asks the library, in the context of an exchange. */
  within<Result>(exchange: Exchange, work: () => Promise<Result>): Promise<Result> {
    return this.#exchanges.run(exchange, work)
  }

  /**
   * Lets the library answer a request at a path below `OPENID_PATH`: the one of the exchange as it was sent, or one that this server makes itself.
   * Throws what has failed below the library.
   */
  async answer(
    provider: Provider,
    exchange: Exchange,
    path: string,
    read: ReadRequest = asSent(exchange.request),
  ): Promise<LibraryAnswer> {
    const request = libraryRequest(exchange.request, { publicUrl: exchange.ctx.config.publicUrl, path, read })
    const response = libraryResponse(request)
    response.statusCode = 404
    const koa = provider.createContext(request, response)
    // Its only middleware routes the request to the endpoint.
    const [run] = provider.middleware
    await this.within(exchange, async () => run?.(koa as never, async () => undefined))
    if (exchange.fault !== undefined) throw exchange.fault
    const { 'content-length': _, ...headers } = response.getHeaders()
    return { status: koa.status, headers, body: koa.body }
  }

  /**
   * Lets the library read the document of an agent before a transaction begins, in which it fetches none. What is wrong with it the library says
   * when it answers. Throws what was refused.
   */
  async readAgent(provider: Provider, exchange: Exchange, id: string): Promise<void> {
    if (!asksForDocument(exchange, id)) return
    try {
      await this.within(exchange, () => provider.Client.find(id))
    } catch (error) {
      if (error instanceof Refusal) throw error
    }
  }

  #exchange(): Exchange {
    const exchange = this.#exchanges.getStore()
    if (exchange === undefined) throw new Error('The library was called outside an exchange')
    return exchange
  }

  #newProvider(
    { config }: Context,
    library: Library,
    jwks: Parameters<typeof libraryConfiguration>[1]['jwks'],
  ): Provider {
    const { errors } = library
    const host = {
      exchange: () => this.#exchange(),
      invalidGrant: (detail: string) => new errors.InvalidGrant(detail),
      consentRequired: () => new errors.ConsentRequired('the user has withdrawn the consent'),
      clientChanged: () => new errors.TemporarilyUnavailable('the client was changed'),
      invalidRequest: (detail: string) => new errors.InvalidRequest(detail),
      slowDown: () => new errors.SlowDown('the interval between two requests is 5 seconds'),
      invalidRequestUri: () => new errors.InvalidRequestUri('request_uri was already used'),
    }
    const issuer = config.publicUrl + OPENID_PATH
    const provider = new library.default(issuer, libraryConfiguration(config, { library, host, jwks }))
    provider.on('server_error', (_ctx, error: Error) => void (this.#exchange().fault = error))
    adaptLibrary(provider, host.exchange)
    return provider
  }
}
