// Declares the HTTP application and the configuration of a route; the folder contains what routes and pages share of HTTP.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type {
  FastifyBaseLogger,
  FastifyContextConfig,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'

import type { Context } from '#foundation/context.ts'
import type { Refusal, RefusalCode } from '#foundation/kernel/refusal.ts'
import type { Clock } from '#foundation/platform/clock.ts'
import type { WriteProbe } from '#foundation/platform/database/write-probe.ts'
import type { RouteAccess } from './access.ts'
import type { Brand } from './brand.ts'

/** The kinds of body that a route can read. `image` is a PNG or WebP file, and `untouched` any content, each as a `Buffer`. */
export type BodyKind = 'json' | 'form' | 'multipart' | 'image' | 'untouched'

/** The Fastify application, with the types of bodies, queries and answers taken from TypeBox schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** Adds routes. `tag` is the section of the OpenAPI document to which they belong, but for those that name another. */
export type AddRoutes = ((app: App) => void) & { readonly tag?: string }

export interface RequestedRoute {
  /** Undefined where the path is unknown. */
  readonly url: string | undefined
  readonly config: FastifyContextConfig
  readonly isUnknown: boolean
  /** Where the path exists without this method: what the answer says. */
  readonly lacking?: { readonly allow: readonly string[]; readonly hasLegacyWording: boolean }
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The look of the pages; the shipped one if absent. */
    readonly brand?: Brand
    /** Also shows whether the clock of the machine is reliable. */
    readonly clock?: Pick<Clock, 'standing' | 'now'>
    /** Shows whether the database can be written. */
    readonly writeProbe?: Pick<WriteProbe, 'isWritable'>
    /** Whether a path can be requested with GET. */
    readonly canOpen?: (url: string) => boolean
    /** Whether the route of a path may redirect the browser to another site. */
    readonly leavesSite?: (path: string) => boolean
    /** Returns the OpenAPI document of the routes, which is made at the first call. */
    readonly openApi: () => Promise<object>
  }
  interface FastifyRequest {
    /** Read instead of `routeOptions` and `is404`, which do not know the path of a request whose method that path lacks. */
    route: RequestedRoute
    /** The dependencies, the time and the principal of this request; set before a body is read. */
    ctx: Context
    /** Whether the last use of the session or API token must be stored after the answer. */
    dueForTouch: boolean
    /** Why a form was refused before its body was read, which is read nevertheless so that its fields can be kept. */
    refusedUnread: Refusal | undefined
    /** Whether the answer is a redirect that stands for a refusal, to the page of the form that was refused. */
    isRefusedForm: boolean
  }
  interface FastifyContextConfig extends Partial<RouteAccess> {
    /** Error codes of this route beyond those that its access and its input imply; shown in the OpenAPI document. */
    readonly refusals?: readonly RefusalCode[]
    /** Marks a page: errors are answered as HTML, and unsafe requests are checked for their origin (CSRF). */
    readonly page?: true
    /** Fields that the schema does not list are ignored instead of refused, as in the legacy app. */
    readonly ignoresUnknownFields?: true
    /** The kinds of body that the route accepts; by default forms for a page and JSON for any other route. */
    readonly bodies?: readonly BodyKind[]
    /** The one field of a multipart form that may be a file, which the route gets as a `Buffer`. */
    readonly fileField?: string
    /** The body may be absent; it is then an object without fields. */
    readonly bodyMayBeAbsent?: true
    /** Successes are answered on the response grid too, because they must not reveal by their time whether a user exists (enumeration). */
    readonly uniformTime?: true
    /** Marks a route that may redirect the browser to another site. A form leads to it by a page in between: see `onward`. */
    readonly leavesSite?: true
    /** Keeps the route out of the OpenAPI document. */
    readonly undocumented?: true
    /**
     * Marks a page that never shows a code, key, token or link, so that it may be compressed (BREACH). What it shows of other users must not be
     * chosen by people who are not signed in.
     */
    readonly compressible?: true
  }
}
