import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'

import type { Context } from '../../context.ts'
import type { RefusalCode } from '../../kernel/refusal.ts'
import type { Clock } from '../../platform/clock.ts'
import type { WriteProbe } from '../../platform/database/write-probe.ts'
import type { RouteAccess } from './access.ts'
import type { Brand } from './brand.ts'

/** Which kinds of content a route reads. */
export type BodyKind = 'json' | 'form' | 'multipart'

/** The Fastify application with TypeBox schemas giving the types of bodies, queries and answers. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

declare module 'fastify' {
  interface FastifyInstance {
    /** How its pages look; as they come where nothing was said. */
    readonly brand?: Brand
    /** Shows whether the clock of the machine is reliable. */
    readonly clock?: Pick<Clock, 'standing'>
    /** Shows whether the database can be written. */
    readonly writeProbe?: Pick<WriteProbe, 'isWritable'>
    /** Whether there is something to see at the address of a route. */
    readonly canOpen?: (url: string) => boolean
    /** The OpenAPI document of the routes, made when it is first asked for. */
    readonly openApi: () => Promise<object>
  }
  interface FastifyRequest {
    /** The dependencies, the moment and the principal of this request; set before any body is read. */
    ctx: Context
    /** Whether the last use of the session, or of the API token, is to be written after the answer. */
    dueForTouch: boolean
  }
  interface FastifyContextConfig extends Partial<RouteAccess> {
    /** What this route can refuse with beyond what its access and its input already imply; shown in the OpenAPI document. */
    readonly refusals?: readonly RefusalCode[]
    /** A page: errors are answered as HTML, state-changing requests are checked for their origin. */
    readonly page?: true
    /** Fields that a schema does not know are ignored instead of refused, as the origin app does. */
    readonly ignoresUnknownFields?: true
    /** What the body may be written in; without it, a page reads forms and any other route JSON. */
    readonly bodies?: readonly BodyKind[]
    /** Every field of the body may be left out, and so may the body; it is then an object without fields. */
    readonly bodyMayBeAbsent?: true
    /** Left out of the OpenAPI document. */
    readonly undocumented?: true
  }
}
